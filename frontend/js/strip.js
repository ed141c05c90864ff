// Lamps of one unit are one tab stop; arrows walk inside, Home and End jump.
const STEP = { ArrowLeft: -1, ArrowRight: 1 };

document.addEventListener("keydown", (event) => {
  const lamp = event.target.closest && event.target.closest(".units a");
  if (!lamp || !(event.key in STEP || event.key === "Home" || event.key === "End")) return;
  const all = Array.from(lamp.parentElement.children);
  const at = all.indexOf(lamp);
  const to = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : at + STEP[event.key];
  if (!all[to]) return;
  lamp.tabIndex = -1;
  all[to].tabIndex = 0;
  all[to].focus();
  event.preventDefault();
});
