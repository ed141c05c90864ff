// The demo clock: asks how far the imports are, and shows the new day when they are done.
const EVERY = 2000;
const box = document.querySelector("[data-clock]");
let wasMoving = false;

async function ask() {
  let state;
  try {
    const answer = await fetch(box.dataset.clock, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    state = await answer.json();
  } catch (wrong) {
    return void setTimeout(ask, EVERY);
  }
  if (!state.moving) {
    if (wasMoving) location.reload();
    return;
  }
  wasMoving = true;
  box.open = true;
  box.querySelector("[data-say]").textContent = state.say;
  const bar = box.querySelector(".prog");
  bar.removeAttribute("hidden");
  bar.setAttribute("aria-valuenow", state.percent);
  bar.querySelector("rect").setAttribute("width", `${state.percent}%`);
  setTimeout(ask, EVERY);
}

if (box) ask();
