// A photo that was taken is shown in its frame before it is sent.
document.addEventListener("change", (event) => {
  const frame = event.target.closest && event.target.closest("[data-photo]");
  const file = frame && event.target.files && event.target.files[0];
  if (!file || !file.type.startsWith("image/")) return;
  const reading = new FileReader();
  reading.onload = () => {
    const picture = new Image();
    picture.alt = file.name;
    picture.src = reading.result;
    const take = frame.querySelector(".take");
    take.textContent = "";
    take.append(picture);
  };
  reading.readAsDataURL(file);
});
