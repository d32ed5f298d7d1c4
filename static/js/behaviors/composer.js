/* data-composer: a form that writes. Ctrl or Cmd with Enter sends, with Shift it also closes. */
import { hold } from "./morph.js";

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-composer-kind]")) return;
  const composer = target.closest(".composer");
  /* A refresh must not turn an internal note into a reply. */
  for (const choice of composer.querySelectorAll("[data-composer-kind]")) hold(choice);
  const form = composer.querySelector(`.composer__form--${target.value}`);
  form.querySelector("[data-on] [data-editor-surface], textarea:not([hidden])").focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("[data-composer]");
  if (!form) return;
  event.preventDefault();
  const closing = event.shiftKey && form.querySelector("button[name=close]:not([hidden])");
  (closing || form.querySelector("[data-send]")).click();
});
