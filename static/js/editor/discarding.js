/* The button that throws a draft away, and the one that brings it back. */
const UNDO = 10_000;

/** Wires it; `fill` puts a state of the server into the editor. */
export function startDiscarding(editor, fill) {
  const { root, form, surface, say } = editor;
  const button = root.querySelector("[data-editor-discard]");
  const undo = root.querySelector("[data-editor-undo]");
  let timer = 0;

  async function post(url) {
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "HX-Request": "true" };
    const response = await fetch(url, { method: "POST", headers, body: new URLSearchParams({ kind: root.dataset.kind }) });
    if (!response.ok) throw new Error(`draft: ${response.status}`);
    return response.json();
  }

  const offer = (shown) => {
    clearTimeout(timer);
    undo.hidden = !shown;
    if (shown) timer = setTimeout(() => (offer(false), say("")), UNDO);
  };

  button.addEventListener("click", async (event) => {
    event.preventDefault();
    await editor.ready(); /* what was typed last can be had back too */
    try {
      await post(root.dataset.discardUrl);
    } catch {
      return say("Not discarded: no connection.");
    }
    editor.sent();
    offer(true);
    say("Draft discarded");
    surface.squire.focus();
  });
  undo.addEventListener("click", async () => {
    offer(false);
    try {
      fill(await post(root.dataset.restoreUrl));
      say("Draft is back");
    } catch {
      say("It could not be brought back.");
    }
    surface.squire.focus();
  });
  form.addEventListener("input", () => offer(false));
}
