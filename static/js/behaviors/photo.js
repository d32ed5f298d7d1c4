/* data-photo: a picture that was chosen shows at once in the place of the one before, and is made as small as it is ever
   shown, which also takes out where it was taken. Choosing one takes back its removal, and the other way round. */
const SIDE = 512;
const LIGHT = 200_000;
const boxOf = (target) => target.closest?.("[data-photo]");

function show(box, file) {
  const shown = box.querySelector("[data-photo-shown]");
  const former = shown.querySelector("img[data-photo-chosen]");
  if (former) URL.revokeObjectURL(former.src);
  former?.remove();
  if (!file) return;
  const image = document.createElement("img");
  Object.assign(image, { className: "avatar__photo", alt: "", src: URL.createObjectURL(file) });
  image.dataset.photoChosen = "";
  image.addEventListener("error", () => image.remove());
  shown.append(image);
}

async function shrink(choice) {
  const [file] = choice.files;
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size < LIGHT) return;
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const small = await new Promise((done) => canvas.toBlob(done, file.type, 0.9));
  if (!small || small.size >= file.size || choice.files[0] !== file) return;
  const carrier = new DataTransfer();
  carrier.items.add(new File([small], file.name, { type: small.type }));
  choice.files = carrier.files;
}

document.addEventListener("change", ({ target }) => {
  const box = boxOf(target);
  if (!box) return;
  const choice = box.querySelector("input[type=file]");
  const removal = box.querySelector("input[type=checkbox]");
  if (target === choice && choice.files.length && removal) removal.checked = false;
  if (target === removal && removal.checked) choice.value = "";
  show(box, choice.files[0]);
  /* What the browser cannot read is sent as it is: the answer says what is wrong with it. */
  if (target === choice && choice.files.length) shrink(choice).catch(() => choice);
});
