/* Files of an editor: uploaded at once, one after the other, each with its progress; by picker, drop and paste. */
const csrf = (form) => form.elements.csrfmiddlewaretoken.value;

function send(url, form, data, progress) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrf(form));
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", ({ loaded, total }) => progress && (progress.value = loaded / total));
    request.addEventListener("loadend", () => done(request));
    request.send(data);
  });
}

function rowFor(file, list) {
  const row = list.querySelector("template").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-name]").textContent = file.name;
  list.append(row);
  return row;
}

function why(request) {
  if (request.status === 422) return request.responseText;
  if (request.status === 413) return "The file is too large.";
  return "It did not arrive. Remove it and attach it again.";
}

/** Wires files. Answers {add(files), ready(), show(html)}; `arrived(version)` is called after each. */
export function startUploading({ root, form }, arrived) {
  const place = root.querySelector("[data-editor-files]");
  const list = root.querySelector("[data-editor-uploads]");
  const picker = root.querySelector("[data-editor-pick]");
  let queue = Promise.resolve();

  function show(html) {
    place.innerHTML = html;
    const version = Number(place.querySelector("[data-version]")?.dataset.version ?? 0);
    root.toggleAttribute("data-files", Boolean(place.querySelector("li")));
    return version;
  }

  async function upload(file) {
    const row = rowFor(file, list);
    const data = new FormData();
    data.set("kind", root.dataset.kind);
    data.set("file", file, file.name);
    const request = await send(root.dataset.fileUrl, form, data, row.querySelector("progress"));
    if (request.status === 200) {
      row.remove();
      return arrived(show(request.responseText));
    }
    row.querySelector("progress").remove();
    row.classList.add("upload--wrong");
    row.querySelector("[data-why]").textContent = why(request);
  }

  const add = (files) => [...files].forEach((file) => (queue = queue.then(() => upload(file)).catch(console.error)));

  async function remove(button) {
    const data = new FormData();
    data.set("kind", root.dataset.kind);
    data.set("key", button.value);
    const request = await send(button.formAction, form, data);
    if (request.status === 200) show(request.responseText);
  }

  picker.removeAttribute("name"); /* what is uploaded is not sent once more with the form */
  picker.addEventListener("change", () => (add(picker.files), (picker.value = "")));
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove-file]");
    if (event.target.closest("[data-dismiss]")) event.target.closest("li").remove();
    if (button) event.preventDefault(), remove(button);
  });
  return { add, show, ready: () => queue };
}
