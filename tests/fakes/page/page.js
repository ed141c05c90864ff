"use strict";
(() => {
  const {WORDS, FAULTS} = window, MOST_PEOPLE = 24, EVERY = 1500, LAMPS = ["red", "yellow", "green"], FRESH = 20000;
  const get = id => document.getElementById(id);
  const kept = () => { try { return localStorage.getItem("language"); } catch { return null; } };
  let language = kept() === "en" || new URLSearchParams(location.search).get("language") === "en" ? "en" : "zh";
  let last = "", told = null;
  const word = () => WORDS[language];

  function made(tag, kind, ...inside) {
    const node = document.createElement(tag);
    if (kind) node.className = kind;
    node.append(...inside.filter(one => one !== null && one !== ""));
    return node;
  }

  /* **bold**, ### head, [words](address), coloured words of WeCom; everything else is text. */
  function line(text) {
    const head = text.replace(/^#{1,6}\s+/, "");
    const node = made("p");
    const plain = head.replace(/<\/?font[^>]*>/g, "").replace(/^>\s?/, "");
    for (const part of plain.split(/(\*\*[^*]+\*\*|\[[^\]]+\]\(https?:\/\/[^)\s]+\))/)) {
      const link = part.match(/^\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)$/);
      if (link) node.append(anchor(link[2], link[1], ""));
      else if (/^\*\*.+\*\*$/.test(part)) node.append(made("b", "", part.slice(2, -2)));
      else node.append(part);
    }
    return head === text ? node : made("p", "", made("b", "", ...node.childNodes));
  }

  function anchor(address, words, kind, number) {
    const node = made("a", kind, words);
    node.href = address; node.target = "_blank"; node.rel = "noopener";
    if (number) node.addEventListener("click", () => tell("/read", {number}));
    return node;
  }

  function when(iso, withDay) {
    const at = new Date(iso), two = n => String(n).padStart(2, "0");
    const day = language === "zh" ? `${at.getMonth() + 1}月${at.getDate()}日` : at.toLocaleDateString("en-GB", {day: "numeric", month: "short"});
    const today = new Date().toDateString() === at.toDateString();
    return `${withDay || !today ? day + " " : ""}${two(at.getHours())}:${two(at.getMinutes())}`;
  }

  function card(one) {
    const w = word();
    const node = made("article", "card" + (one.recalled || one.state === "deleted" ? " gone" : "") + (Date.now() - new Date(one.at) < FRESH ? " new" : ""));
    const way = one.kind.startsWith("robot") ? `${w[one.vendor]} · ${w.robot}` : one.kind === "todo" ? `${w[one.vendor]} · ${w.todo}` : w[one.vendor];
    const mark = made("span", "mark", w.marks[one.vendor]);
    mark.setAttribute("aria-hidden", "true");
    node.append(made("div", "from", mark, made("span", "", way), made("time", "", when(one.at))));
    if (one.title) node.append(made("div", "title", LAMPS.includes(one.colour) ? made("span", `lamp ${one.colour}`) : "", made("h3", "", one.title)));
    const lines = one.text.split("\n").filter(text => text.trim());
    const shortened = one.title.replace(/(…|\.\.\.)$/, "");
    if (lines.length && shortened && lines[0].replace(/^#+\s*|\*\*/g, "").trim().startsWith(shortened)) {
      node.querySelector("h3").textContent = lines.shift().replace(/^#+\s*|\*\*/g, "").trim();
    }
    if (lines.length) node.append(made("div", "said", ...lines.map(line)));
    const notes = [one.recalled && w.recalled, one.updated > 0 && w.updated, one.cut && w.cut, one.read && w.read, one.pressed && (one.deaf ? w.deaf : w.pressed)(one.pressed)].filter(Boolean);
    const isTodo = one.kind === "todo";
    const state = isTodo ? [w[one.state] || one.state, one.due && w.due(when(one.due, true))].filter(Boolean) : one.state ? [one.state] : [];
    if (state.length || notes.length) {
      node.append(made("div", "state" + (one.state === "done" ? " done" : ""), isTodo ? made("span", "tick") : "", [...state, ...notes].join(" · ")));
    }
    if (one.presses.length && !one.recalled) node.append(presses(one));
    const pressed = one.presses.map(press => press.words);
    const words = one.button.split(" | ").find(name => name && !pressed.includes(name)) || w.look;
    const inside = one.text.includes(`](${one.link})`);
    if (one.link && !inside && !one.recalled) node.append(anchor(one.link, words, "go", one.number));
    return node;
  }

  function presses(one) {
    return made("div", "presses", ...one.presses.map(press => {
      const node = made("button", "", press.words);
      node.type = "button";
      node.addEventListener("click", () => tell("/press", {number: one.number, key: press.key}));
      return node;
    }));
  }

  function columns() {
    const found = new Map();
    for (const one of told.lines) {
      if (!found.has(one.column)) found.set(one.column, []);
      found.get(one.column).push(one);
    }
    const wanted = get("find").value.trim().toLowerCase();
    return [...found.entries()].filter(([column]) => {
      const person = told.people[column] || {};
      return !wanted || `${column} ${person.name || ""} ${person.say || ""}`.toLowerCase().includes(wanted);
    });
  }

  function phone([column, lines]) {
    const person = told.people[column] || {}, w = word();
    const group = column.startsWith("group:");
    const name = person.name || (group ? `${w.group} · ${w[lines[0].vendor]}` : column);
    const said = [person.say, person.name ? column : group ? column.slice(6) : "", w.count(lines.length)].filter(Boolean).join(" · ");
    const screen = made("div", "screen", ...lines.slice(0, 40).map(card));
    screen.tabIndex = 0;
    screen.dataset.column = column;
    screen.setAttribute("role", "region");
    screen.setAttribute("aria-label", name);
    return made("section", "phone", made("div", "phone-head", made("h2", "", name), made("p", "", said)), screen);
  }

  function draw() {
    const w = word(), all = columns();
    const scrolled = new Map([...document.querySelectorAll(".screen")].map(one => [one.dataset.column, one.scrollTop]));
    const empty = made("div", "empty", made("p", "", told.lines.length ? w.nobody : w.empty), made("p", "hint", told.lines.length ? "" : w.empty_hint));
    get("people").replaceChildren(...(all.length ? all.slice(0, MOST_PEOPLE).map(phone) : [empty]));
    for (const one of document.querySelectorAll(".screen")) one.scrollTop = scrolled.get(one.dataset.column) || 0;
    const screens = new Set(told.lines.map(one => one.column)).size;
    get("sentence").textContent = told.lines.length ? w.sentence(told.lines.length, screens) + (told.dropped ? (language === "en" ? " " : "") + w.dropped(told.dropped) : "") : "";
    get("more").hidden = all.length <= MOST_PEOPLE;
    get("more").textContent = w.more(all.length - MOST_PEOPLE);
    faults();
  }

  function faults() {
    const w = word();
    if (get("faults").contains(document.activeElement)) return;
    get("faults").replaceChildren(...Object.entries(told.faults).map(([vendor, state]) => {
      const choose = made("select");
      for (const kind of ["", ...state.kinds]) choose.append(new Option(kind ? (FAULTS[kind] || {})[language] || kind : w.none, kind, false, kind === state.on));
      choose.addEventListener("change", () => { choose.blur(); tell("/fault", {vendor, fault: choose.value}); });
      return made("label", state.on ? "on" : "", w[vendor], choose);
    }));
  }

  function words() {
    const w = word();
    document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
    document.title = w.title;
    for (const node of document.querySelectorAll("[data-word]")) node.textContent = w[node.dataset.word];
    get("find").placeholder = w.find;
    get("find").setAttribute("aria-label", w.find);
    get("language").textContent = w.other;
    if (told) draw();
  }

  async function tell(path, body) {
    await fetch(path, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)});
    await look();
  }

  async function look() {
    try {
      const text = await (await fetch("seen.json")).text();
      if (text === last) return;
      last = text;
      told = JSON.parse(text);
      draw();
    } catch {
      last = "";
      get("sentence").textContent = word().lost;
    }
  }

  get("find").value = new URLSearchParams(location.search).get("person") || "";
  get("find").addEventListener("input", () => told && draw());
  get("language").addEventListener("click", () => {
    language = language === "zh" ? "en" : "zh";
    try { localStorage.setItem("language", language); } catch { /* private window */ }
    words();
  });
  words();
  look();
  setInterval(look, EVERY);
})();
