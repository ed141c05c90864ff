// Words come from the page (base.html holds them in the reader's language), never from here.
export function copy(name) {
  const held = document.querySelector(`template[data-said="${name}"]`);
  return held ? held.content.firstElementChild.cloneNode(true) : document.createElement("span");
}

export function toast(said) {
  const box = document.querySelector("#toast");
  if (!box) return;
  box.textContent = "";
  box.append(said);
  clearTimeout(toast.timer);
  if (typeof said === "string") toast.timer = setTimeout(() => { box.textContent = ""; }, 6000);
}

// A standing message above the page; an empty one takes it away.
export function stand(name, change) {
  const box = document.querySelector("#standing");
  if (!box) return;
  box.textContent = "";
  if (!name) return;
  const message = copy(name);
  if (change) change(message);
  box.append(message);
}

export function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

export const reader = () => document.documentElement.dataset.reader || "";

export function key() {
  if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

// What the server said with the page goes after a while, like every toast.
if (document.querySelector("#toast > p")) toast.timer = setTimeout(() => { document.querySelector("#toast").textContent = ""; }, 6000);
