// "/" goes to the page's own search, else to the search of the house.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = event.target;
  if (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
  const box = document.querySelector("[data-search]");
  const way = document.querySelector("a[data-search-page]");
  if (!box && !way) return;
  event.preventDefault();
  if (box) box.focus();
  else location.assign(way.href);
});
