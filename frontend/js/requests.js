// Every htmx request carries the forgery token; what fails is said, never swallowed; an answer may carry a toast.
import { cookie, copy, toast } from "./said.js";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = cookie("csrftoken");
});

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.getResponseHeader("HX-Redirect")) return;
  const box = document.createElement("div");
  box.innerHTML = (xhr.getResponseHeader("Content-Type") || "").startsWith("text/html") ? xhr.responseText : "";
  toast(box.querySelector(".error") || copy("failed"));
});

document.addEventListener("htmx:sendError", () => toast(copy("failed")));
document.addEventListener("toast", (event) => toast(String(event.detail.value)));
