/* When another window changed the draft: the person is told, and chooses; until then nothing is saved over. */
import { forget } from "../behaviors/drafts.js";

const GONE = "This draft was sent or discarded in another window.";

/** Answers {meet(state), fill(state)}; a state is what the server holds. */
export function startConflicts(editor) {
  const { root, form, surface, say } = editor;
  const notice = root.querySelector("[data-editor-notice]");
  const [words] = notice.getElementsByTagName("span");
  let theirs = null;

  function fill(state) {
    surface.show(state.html);
    if (state.files !== null) editor.uploads.show(state.files);
    for (const name of ["to", "cc", "bcc", "subject", "inbox"]) {
      const field = form.elements[name];
      if (!field || typeof state[name] !== "string" || field.value === state[name]) continue;
      field.value = state[name];
      field.dispatchEvent(new CustomEvent("filled", { bubbles: true }));
    }
    editor.saving.setVersion(state.version);
    forget(surface.field);
  }

  function meet(state) {
    theirs = state;
    editor.saving.state.held = true;
    words.textContent = state.version ? "Changed in another window." : GONE;
    notice.hidden = false;
    say("");
  }

  notice.addEventListener("click", ({ target }) => {
    const choice = target.closest("button")?.value;
    if (!choice) return;
    notice.hidden = true;
    editor.saving.state.held = false;
    if (choice === "theirs") {
      editor.saving.state.dirty = false;
      fill(theirs);
    } else {
      editor.saving.setVersion(theirs.version);
      editor.saving.changed();
      editor.saving.save();
    }
    surface.squire.focus();
  });
  return { meet, fill };
}
