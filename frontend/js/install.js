// The worker that answers without network (only where the browser allows one: https, or this machine).
if ("serviceWorker" in navigator && document.documentElement.dataset.worker) {
  window.addEventListener("load", () => navigator.serviceWorker.register(document.documentElement.dataset.worker).catch(() => {}));
}
