/* data-composer: a form that writes to a ticket. Ctrl or Cmd with Enter sends; what is typed is never lost. */
import { forget, recall, remember } from "./drafts.js";
import { hold, release } from "./morph.js";

function restore() {
  for (const field of document.querySelectorAll("textarea[data-draft]")) {
    const draft = recall(field);
    if (!draft || field.value) continue;
    field.value = draft.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches("textarea[data-draft]")) return;
  remember(target);
  if (target.value) hold(target);
  else release(target);
});

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-composer-kind]")) return;
  const composer = target.closest(".composer");
  /* A refresh must not turn an internal note into a reply. */
  for (const choice of composer.querySelectorAll("[data-composer-kind]")) hold(choice);
  composer.querySelector(`.composer__form--${target.value} textarea`).focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("[data-composer]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button:not([name])"));
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig.elt.closest("[data-composer]");
  if (form && detail.xhr.status < 300) forget(form.elements.text);
});

document.addEventListener("htmx:load", restore);
restore();
