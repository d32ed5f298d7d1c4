/* The words beside a note that say what is becoming of it. */

/* An outcome fades, a fault stays until the next try. */
const OUTCOME_SHOWN = 2_000;

const stateOf = (form) => form.parentElement?.querySelector("[data-note-state]");

/** Shows the words until others come. */
export function say(form, words) {
  const state = stateOf(form);
  if (state) state.textContent = words;
}

/** Shows the words for a moment. */
export function sayBriefly(form, words) {
  say(form, words);
  setTimeout(() => {
    if (stateOf(form)?.textContent === words) say(form, "");
  }, OUTCOME_SHOWN);
}
