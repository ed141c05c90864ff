// What is kept on this device, apart for each reader: drafts as text, unsent forms (with their files) in a small database.
import { reader } from "./said.js";

const NAME = "hangbiao";
export const draftKey = (name) => `hb:${reader()}:draft:${location.pathname}#${name}`;

export function readDraft(name) {
  try { return JSON.parse(localStorage.getItem(draftKey(name))); } catch (wrong) { return null; }
}

export function writeDraft(name, draft) {
  try { localStorage.setItem(draftKey(name), JSON.stringify(draft)); } catch (full) { /* private mode: nothing is kept */ }
}

export function dropDraft(name, path) {
  localStorage.removeItem(path ? `hb:${reader()}:draft:${path}#${name}` : draftKey(name));
}

function opened() {
  return new Promise((good, bad) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("unsent", { keyPath: "id" });
    asked.onsuccess = () => good(asked.result);
    asked.onerror = () => bad(asked.error);
  });
}

async function work(mode, act) {
  const db = await opened();
  try {
    return await new Promise((good, bad) => {
      const change = db.transaction("unsent", mode);
      const asked = act(change.objectStore("unsent"));
      change.oncomplete = () => good(asked.result);
      change.onerror = () => bad(change.error);
    });
  } finally {
    db.close();
  }
}

export const putUnsent = (item) => work("readwrite", (store) => store.put(item));
export const dropUnsent = (id) => work("readwrite", (store) => store.delete(id));
export const allUnsent = async () => (await work("readonly", (store) => store.getAll())).filter((item) => item.reader === reader());

// Signing out leaves nothing of anybody on the device.
export function forgetEverything() {
  Object.keys(localStorage).filter((one) => one.startsWith("hb:")).forEach((one) => localStorage.removeItem(one));
  sessionStorage.clear();
  indexedDB.deleteDatabase(NAME);
  if (window.caches) caches.keys().then((names) => names.filter((one) => one.startsWith("pages-")).forEach((one) => caches.delete(one)));
}
