/* data-rename="id": a click turns the heading into the form of that id; Enter saves, Escape leaves it as it was. */
import { release } from "./morph.js";

const headingOf = (form) => document.querySelector(`h1[data-rename="${CSS.escape(form.id)}"]`);
let saved = "";

function open(form) {
  const field = form.elements.subject;
  saved = field.value;
  form.hidden = false;
  headingOf(form).hidden = true;
  field.focus();
  field.select();
}

function close(form) {
  const field = form.elements.subject;
  release(field);
  form.hidden = true;
  headingOf(form).hidden = false;
}

function cancel(form) {
  form.elements.subject.value = saved;
  close(form);
}

const formOf = (target) => target.closest?.("form.header__rename");

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-rename]");
  const form = opener && document.getElementById(opener.dataset.rename);
  if (!form || event.ctrlKey || event.metaKey || getSelection().toString()) return;
  event.preventDefault();
  opener.closest("[popover]")?.hidePopover();
  open(form);
});

document.addEventListener("keydown", (event) => {
  const form = formOf(event.target);
  if (!form || event.key !== "Escape" || event.isComposing) return;
  event.preventDefault();
  cancel(form);
  form.parentElement.querySelector("a[data-rename]").focus();
});

/* Leaving an unchanged field closes it; a changed one waits, so that nothing typed is lost. */
document.addEventListener("focusout", ({ target }) => {
  const form = formOf(target);
  if (form && !form.hidden && target.value === saved) close(form);
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = formOf(detail.elt);
  if (!form || !detail.successful) return;
  saved = form.elements.subject.value;
  close(form);
  form.parentElement.querySelector("a[data-rename]").focus();
});
