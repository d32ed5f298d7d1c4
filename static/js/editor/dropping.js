/* Files dragged onto the composer, and those pasted: a picture from the clipboard, files copied in a folder. */
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

/** Hands the files to `add`. */
export function startDropping({ root, form }, squire, add) {
  let depth = 0;
  const mark = () => form.toggleAttribute("data-dropping", depth > 0);

  form.addEventListener("dragenter", (event) => carriesFiles(event) && ((depth += 1), mark()));
  form.addEventListener("dragleave", (event) => carriesFiles(event) && ((depth -= 1), mark()));
  form.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  form.addEventListener(
    "drop",
    (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      event.stopPropagation(); /* the surface would write their names */
      depth = 0;
      mark();
      add(event.dataTransfer.files);
    },
    true,
  );
  root.addEventListener(
    "paste",
    (event) => {
      const { files, types } = event.clipboardData;
      if (!files.length || types.includes("text/html") || types.includes("text/plain")) return;
      event.preventDefault();
      event.stopPropagation();
      add(files);
    },
    true,
  );
  squire.addEventListener("pasteImage", ({ detail }) => add(detail.clipboardData.files));
}
