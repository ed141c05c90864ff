// Tables: one tab stop for all lines, arrows walk them, Home and End jump; a column put away stays away.
import { cookie } from "./said.js";

const STEP = { ArrowUp: -1, ArrowDown: 1 };
const stops = (table) => Array.from(table.tBodies[0].rows, (row) => row.querySelector("a[data-row]") || row).filter((one) => one.matches("[data-row], [tabindex]"));

document.addEventListener("keydown", (event) => {
  const table = event.target.closest && event.target.closest("table[data-rows]");
  if (!table || !(event.key in STEP || event.key === "Home" || event.key === "End")) return;
  const all = stops(table);
  const at = all.indexOf(event.target);
  if (at < 0) return;
  const to = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : at + STEP[event.key];
  if (!all[to]) return;
  event.target.tabIndex = -1;
  all[to].tabIndex = 0;
  all[to].focus();
  event.preventDefault();
});

document.addEventListener("change", (event) => {
  const form = event.target.closest && event.target.closest("form[data-columns]");
  if (!form) return;
  const table = document.getElementById(form.dataset.columns);
  const shown = new Set(Array.from(form.querySelectorAll("[name=column]")).filter((one) => one.checked).map((one) => one.value));
  table.querySelectorAll("[data-col]").forEach((cell) => { cell.hidden = !shown.has(cell.dataset.col); });
  fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", headers: { "X-Form": "1", "X-CSRFToken": cookie("csrftoken") } }).catch(() => {});
});
