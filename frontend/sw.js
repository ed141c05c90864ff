// Answers when the network does not: the shell for everybody, the last seen target and to-dos for the one reader they were
// shown to. What one reader saw is never kept beside another's, and nothing is kept once nobody is signed in.
const SHELL = `shell-${VERSION}`;
const KEPT = [/^\/me\/$/, /^\/inbox\/$/];
const PAGES = "pages-";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([...ASSETS, "/offline/"])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("shell-") && name !== SHELL;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

async function forgetOthers(reader) {
  const mine = PAGES + reader;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PAGES) && name !== mine).map((name) => caches.delete(name)));
}

async function remember(request, answer) {
  const reader = answer.headers.get("X-Reader") || "";
  await forgetOthers(reader);
  const path = new URL(request.url).pathname;
  if (!reader || answer.redirected || answer.status !== 200 || !KEPT.some((one) => one.test(path))) return;
  const cache = await caches.open(PAGES + reader);
  await cache.put(path, answer);
}

async function lastSeen(request) {
  const path = new URL(request.url).pathname;
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES));
  for (const name of names) {
    const cache = await caches.open(name);
    const found = (await cache.match(path)) || (path === "/" && ((await cache.match("/me/")) || (await cache.match("/inbox/"))));
    if (found) {
      const html = (await found.text()).replace("<html ", '<html data-offline="1" ');
      return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": found.headers.get("Content-Security-Policy") || "default-src 'none'" } });
    }
  }
  return (await caches.match("/offline/")) || Response.error();
}

async function page(event) {
  try {
    const answer = await fetch(event.request);
    if ((answer.headers.get("Content-Type") || "").startsWith("text/html")) event.waitUntil(remember(event.request, answer.clone()));
    return answer;
  } catch (lost) {
    return lastSeen(event.request);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(caches.match(request).then((found) => found || fetch(request)));
});
