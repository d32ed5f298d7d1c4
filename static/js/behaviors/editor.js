/* data-editor: a plain field that becomes a rich one. The form waits until its draft and files have arrived. */
const started = new Map();

async function start(root) {
  if (started.has(root)) return;
  started.set(root, null);
  const { startEditor } = await import("../editor/start.js");
  if (root.isConnected) started.set(root, startEditor(root));
}

function startAll() {
  for (const [root, editor] of started) {
    if (root.isConnected) continue;
    editor?.stop();
    started.delete(root);
  }
  document.querySelectorAll("[data-editor]").forEach(start);
}

const editorsOf = (form) => [...started].filter(([root, editor]) => editor && form.contains(root)).map(([, one]) => one);

/* Comes before htmx and the browser; the second time, with everything arrived, it lets the form go. */
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const editors = editorsOf(form);
    if (!editors.length || form.dataset.ready) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const wrong = form.querySelector("[data-tokens] [aria-invalid]");
    if (wrong) return wrong.focus();
    await Promise.all(editors.map((editor) => editor.ready()));
    await new Promise((done) => setTimeout(done)); /* a form does not submit inside its own submit event */
    form.dataset.ready = "1";
    if (event.submitter) event.submitter.click();
    else form.requestSubmit();
    delete form.dataset.ready;
  },
  true,
);

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig.elt.closest?.("form");
  if (form && detail.xhr.status < 300 && detail.requestConfig.verb === "post") {
    for (const editor of editorsOf(form)) editor.sent();
  }
});

document.addEventListener("htmx:load", startAll);
startAll();
