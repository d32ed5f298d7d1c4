/* The editable page of an editor: Squire on an element, its text kept in the hidden field that the form sends. */
import Squire from "../../vendor/squire.mjs";
import { toFragment } from "./cleaning.js";

const isEmpty = (element) => !element.textContent.trim() && !element.querySelector("li");

/** Turns the plain field into the rich one. Answers {squire, element, html(), show(html), stop()}. */
export function openSurface(root) {
  const element = root.querySelector("[data-editor-surface]");
  const plain = root.querySelector("textarea");
  const field = root.querySelector("[name=html]");
  const squire = new Squire(element, { sanitizeToDOMFragment: toFragment, didError: (error) => console.error(error) });

  function sync() {
    const empty = isEmpty(element);
    element.toggleAttribute("data-empty", empty);
    root.toggleAttribute("data-filled", !empty);
    field.value = empty ? "" : squire.getHTML();
  }

  function show(html) {
    squire.setHTML(html);
    sync();
  }

  const isBeingUsed = plain === document.activeElement; /* somebody was quicker than this script */
  /* Without scripts the plain field is what is sent; from here on it is the other. */
  element.hidden = false;
  plain.hidden = plain.disabled = true;
  if (plain.dataset.key) element.dataset.key = plain.dataset.key;
  delete plain.dataset.key; /* the shortcut goes where one writes */
  field.disabled = false;
  show(field.value || asHtml(plain.value));
  root.toggleAttribute("data-on", true);
  if (isBeingUsed) squire.moveCursorToEnd().focus();
  squire.addEventListener("input", () => {
    const before = field.value;
    sync();
    /* Squire tells of what was put in, too, a moment later; only what a person does is a change to keep. */
    if (field.value !== before) field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return { squire, element, field, show, html: () => field.value, stop: () => squire.destroy() };
}

/* A text the server could not take, such as one that was too long, comes back as text. */
function asHtml(text) {
  const holder = document.createElement("div");
  for (const line of text.split("\n")) holder.appendChild(document.createElement("div")).textContent = line;
  return text ? holder.innerHTML : "";
}
