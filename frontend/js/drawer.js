// A link marked data-drawer opens beside the page it stands on; without <dialog> it is an ordinary link.
import htmx from "htmx.org/dist/htmx.esm.js";

let opener = null;

function skeleton() {
  const rows = Array.from({ length: 4 }, () => '<div class="skel"></div>').join("");
  return `<div class="db" aria-busy="true">${rows}</div>`;
}

async function open(link, drawer) {
  const body = drawer.querySelector("#drawer-body");
  if (!drawer.open) opener = link; // a step inside the drawer goes back to where it was opened from
  const slow = setTimeout(() => { body.innerHTML = skeleton(); }, 150);
  body.textContent = "";
  if (!drawer.open) drawer.showModal();
  try {
    const answer = await fetch(link.href, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const html = await answer.text();
    clearTimeout(slow);
    body.innerHTML = html;
    htmx.process(body);
  } catch (wrong) {
    clearTimeout(slow);
    const failed = document.querySelector("#drawer-failed").content.cloneNode(true);
    failed.querySelector("a").href = link.href;
    body.textContent = "";
    body.appendChild(failed);
  }
}

document.addEventListener("click", (event) => {
  const drawer = document.querySelector("#drawer");
  if (event.target === drawer) return drawer.close();
  const target = event.target.closest("[data-drawer], [data-close]");
  if (!target || !drawer || !drawer.showModal) return;
  if (target.matches("[data-close]")) {
    event.preventDefault();
    return drawer.close();
  }
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(target, drawer);
});

const drawer = document.querySelector("#drawer");
if (drawer) drawer.addEventListener("close", () => { if (opener && opener.isConnected) opener.focus(); });
