// Files dropped on the page are sent at once, with a bar that tells how far; without JavaScript the form works as it is.
import { cookie } from "./said.js";

function begin(form) {
  const input = form.querySelector("input[type=file]");
  const limit = Number(form.dataset.limit);
  form.classList.add("is-ready");
  input.addEventListener("change", () => send(form, Array.from(input.files), limit));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, Array.from(input.files), limit);
  });
  const inside = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      if (!inside(event)) return;
      event.preventDefault();
      form.classList.add("is-over");
    });
  }
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) form.classList.remove("is-over"); });
  document.addEventListener("drop", (event) => {
    if (!inside(event)) return;
    event.preventDefault();
    form.classList.remove("is-over");
    send(form, Array.from(event.dataTransfer.files), limit);
  });
}

function say(form, name, text) {
  const place = form.querySelector(`[data-${name}]`);
  place.hidden = false;
  const named = place.querySelector("span");
  if (named) named.textContent = text;
}

function send(form, files, limit) {
  if (!files.length || form.dataset.busy) return;
  form.querySelectorAll(".wrong").forEach((one) => { one.hidden = true; });
  const large = files.filter((file) => file.size > limit);
  if (large.length) return void say(form, "too-large", large.map((file) => file.name).join(", "));
  form.dataset.busy = "1";
  const body = new FormData();
  files.forEach((file) => body.append("files", file, file.name));
  const request = new XMLHttpRequest();
  const bar = form.querySelector(".prog");
  bar.removeAttribute("hidden");
  request.upload.addEventListener("progress", (event) => {
    const percent = event.lengthComputable ? Math.floor((100 * event.loaded) / event.total) : 0;
    bar.setAttribute("aria-valuenow", percent);
    bar.querySelector("rect").setAttribute("width", `${percent}%`);
  });
  const broke = () => {
    delete form.dataset.busy;
    bar.setAttribute("hidden", "");
    say(form, "broke", "");
  };
  request.addEventListener("error", broke);
  request.addEventListener("load", () => {
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch (wrong) { return void broke(); }
    if (!answer.go) return void broke();
    location.assign(answer.go);
  });
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", cookie("csrftoken"));
  request.send(body);
}

document.querySelectorAll("form[data-drop]").forEach(begin);

// A choice that only asks goes there at once.
document.querySelectorAll("select[data-go]").forEach((select) => {
  select.form.classList.add("is-live");
  select.addEventListener("change", () => select.form.submit());
});

// A fixed value is typed where one is chosen.
document.querySelectorAll(".draft-row select[name^=from-]").forEach((select) => {
  const show = () => select.classList.toggle("is-const", select.value === "=");
  select.addEventListener("change", show);
  show();
});
