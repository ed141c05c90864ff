// A form marked data-keep loses nothing: it is written down while it is filled in, sent with a key of its own so that it
// acts once, kept when the session is over and sent again after signing in, kept without network and sent when it is back.
import htmx from "htmx.org/dist/htmx.esm.js";
import { cookie, copy, key, reader, stand, toast } from "./said.js";
import { allUnsent, dropDraft, dropUnsent, forgetEverything, putUnsent, readDraft, writeDraft } from "./store.js";

const OURS = new Set(["csrfmiddlewaretoken", "_once", "next"]);
const AGAIN = 20000;
const forms = () => document.querySelectorAll("form[data-keep]");
const fields = (form) => Array.from(form.elements).filter((one) => one.name && !OURS.has(one.name) && !/^(file|password|submit|hidden)$/.test(one.type));

function values(form) {
  const held = {};
  fields(form).forEach((one) => {
    if (/^(checkbox|radio)$/.test(one.type)) (held[one.name] = held[one.name] || []).push(...(one.checked ? [one.value] : []));
    else held[one.name] = one.value;
  });
  return held;
}

function fill(form, held) {
  fields(form).forEach((one) => {
    if (!(one.name in held)) return;
    if (/^(checkbox|radio)$/.test(one.type)) one.checked = held[one.name].includes(one.value);
    else one.value = held[one.name];
  });
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function begin(form) {
  const name = form.dataset.keep;
  const fresh = values(form);
  form.addEventListener("input", () => {
    clearTimeout(form.writingDown);
    if (form.sentWith) renew(form);
    form.writingDown = setTimeout(() => writeDraft(name, { held: values(form), at: new Date().toISOString(), once: form._once ? form._once.value : "" }), 300);
  });
  form.addEventListener("submit", (event) => send(event, form));
  const draft = readDraft(name);
  if (!draft || same(draft.held, fresh)) return;
  fill(form, draft.held);
  if (draft.pending && form._once) form._once.value = draft.once;
  const note = copy("restored");
  note.querySelector("button").addEventListener("click", () => { dropDraft(name); fill(form, fresh); note.remove(); });
  form.prepend(note);
  if (draft.pending) form.requestSubmit ? form.requestSubmit() : form.querySelector("button:not([type=button])").click();
}

// What is changed after it was sent is another deed: it needs another key.
function renew(form) {
  form.sentWith = "";
  if (form._once) form._once.value = key();
}

async function send(event, form) {
  event.preventDefault();
  if (form.dataset.busy) return;
  const name = form.dataset.keep;
  const body = new FormData(form);
  if (event.submitter && event.submitter.name) body.append(event.submitter.name, event.submitter.value);
  const once = body.get("_once") || key();
  clearTimeout(form.writingDown); // late, it would bring back what has been saved since
  form.sentWith = once;
  form.dataset.busy = "1";
  writeDraft(name, { held: values(form), at: new Date().toISOString(), once });
  try {
    await answered(await post(form.action, body, once), form, once);
  } catch (lost) {
    const entries = Array.from(body.entries()).filter(([field]) => field !== "csrfmiddlewaretoken");
    try {
      await putUnsent({ id: once, reader: reader(), url: form.action, path: location.pathname, name, entries, at: new Date().toISOString() });
      showUnsent();
    } catch (full) {
      stand("draft-kept");
    }
  } finally {
    delete form.dataset.busy;
  }
}

function post(url, body, once) {
  // The cookie's token: the one in the page may be older than the session. The reader's mark: another tab may have signed
  // somebody else in, who must not send what this reader wrote.
  const headers = { "X-Form": "1", "Idempotency-Key": once, "X-CSRFToken": cookie("csrftoken"), "X-Reader": reader() };
  body.delete("csrfmiddlewaretoken");
  return fetch(url, { method: "POST", body, headers, credentials: "same-origin" });
}

const signedOut = (answer) => answer.status === 401 || (answer.headers.get("X-Location") || "").startsWith("/sign-in/");

async function answered(answer, form, once) {
  const name = form.dataset.keep;
  if (signedOut(answer)) {
    writeDraft(name, { held: values(form), at: new Date().toISOString(), once, pending: true });
    return stand("signed-out", (note) => {
      note.querySelector("a").href = `/sign-in/?next=${encodeURIComponent(location.pathname + location.search)}`;
    });
  }
  const html = await answer.text();
  if (answer.ok) {
    dropDraft(name);
    stand("");
    const to = answer.headers.get("X-Location");
    if (to) return location.assign(to);
    if (answer.redirected) return location.assign(answer.url);
    return show(html, form);
  }
  if (answer.status >= 500 || [403, 409, 422, 429].includes(answer.status)) return toast(part(html, ".error") || copy("failed"));
  renew(form);
  return show(html, form);
}

function part(html, selector) {
  return new DOMParser().parseFromString(html, "text/html").querySelector(selector);
}

// The page that came back stands in place of the one that was sent: its errors, or its result.
function show(html, form) {
  const fresh = part(html, "#main") || part(html, ".error");
  const main = document.querySelector("#main");
  if (!fresh || !main) return toast(copy("failed"));
  if (fresh.id !== "main") return toast(fresh);
  main.replaceWith(fresh);
  htmx.process(fresh);
  start(fresh);
  const wrong = fresh.querySelector("[aria-invalid=true], [role=alert]");
  if (wrong) { if (wrong.tabIndex < 0) wrong.tabIndex = -1; wrong.focus(); }
}

async function showUnsent() {
  const waiting = await allUnsent();
  if (!waiting.length) return stand(navigator.onLine === false ? "offline" : "");
  stand("unsent", (note) => {
    note.querySelector("[data-count]").textContent = waiting.length;
    note.querySelector("button").addEventListener("click", flush);
  });
}

let flushing = false;
async function flush() {
  if (flushing || !reader() || !window.indexedDB) return;
  flushing = true;
  let sent = 0;
  try {
    for (const item of await allUnsent()) {
      const body = new FormData();
      item.entries.forEach(([field, value]) => body.append(field, value));
      let answer;
      try { answer = await post(item.url, body, item.id); } catch (lost) { break; }
      if (signedOut(answer) || answer.status === 403 || answer.status === 409 || answer.status === 429 || answer.status >= 500) break;
      await dropUnsent(item.id);
      if (!answer.ok) { stand("refused", (note) => { note.querySelector("a").href = item.path; }); return; }
      dropDraft(item.name, item.path);
      sent += 1;
    }
    await showUnsent();
    if (sent) toast(copy("sent"));
  } finally {
    flushing = false;
  }
}

function start(root) {
  root.querySelectorAll("form[data-keep]").forEach(begin);
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-sign-out]")) forgetEverything();
});
window.addEventListener("pageshow", (event) => { if (event.persisted) forms().forEach((form) => { delete form.dataset.busy; }); });
window.addEventListener("online", flush);
window.addEventListener("offline", () => { if (reader()) showUnsent(); });
setInterval(flush, AGAIN);
start(document);
if (reader() && window.indexedDB) flush();
if (reader() && (navigator.onLine === false || document.documentElement.dataset.offline)) stand("offline");
