/* data-tokens: a field for several addresses, or words (data-tokens="words"), shows each as a token; what is none says
   so. The form sends the same list, separated by commas, that the plain field would. */
import { addresses } from "../editor/addresses.js";
import { words } from "../editor/words.js";

function start(box) {
  const { piecesOf, tokenFor, suggest, complaint } = box.dataset.tokens === "words" ? words : addresses;
  const typed = box.querySelector("input");
  const list = box.querySelector("ul");
  const error = box.querySelector("[data-tokens-error]");
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: typed.name, value: typed.value });
  typed.before(field);
  typed.removeAttribute("name");
  box.toggleAttribute("data-on", true);

  const has = (piece) => [...list.children].some((token) => token.dataset.piece.toLowerCase() === piece.toLowerCase());

  function sync(tell) {
    field.value = [...list.children].map((token) => token.dataset.piece).join(", ");
    const wrong = [...list.querySelectorAll(".token--wrong")].map((token) => `“${token.dataset.piece}”`);
    error.hidden = !wrong.length;
    error.textContent = wrong.length ? `${wrong.join(", ")}: ${complaint}` : "";
    if (wrong.length) typed.setAttribute("aria-invalid", "true");
    else typed.removeAttribute("aria-invalid");
    if (tell) field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function commit() {
    const pieces = piecesOf(typed.value);
    typed.value = "";
    list.append(...pieces.filter((piece) => !has(piece)).map(tokenFor));
    if (pieces.length) sync(true);
  }

  const edit = (token) => ((typed.value = token.dataset.piece), token.remove(), sync(true), typed.focus());
  const fill = () => (list.replaceChildren(...piecesOf(field.value).map(tokenFor)), sync(false));

  typed.addEventListener("keydown", (event) => {
    const ends = [",", ";", "Enter"].includes(event.key) && !event.ctrlKey && !event.metaKey;
    if (ends && (typed.value.trim() || event.key === "Enter")) event.preventDefault(), commit();
    if (event.key === "Backspace" && !typed.value && list.lastElementChild) event.preventDefault(), edit(list.lastElementChild);
  });
  typed.addEventListener("input", () => {
    if ([...(typed.list?.options ?? [])].some(({ value }) => value === typed.value)) return commit();
    suggest(typed);
  });
  typed.addEventListener("blur", commit);
  typed.addEventListener("paste", () => setTimeout(() => /[,;\n]/.test(typed.value) && commit()));
  list.addEventListener("click", ({ target }) => {
    const token = target.closest("li");
    if (target.closest("button")) token.remove(), sync(true), typed.focus();
    else if (token) edit(token);
  });
  field.addEventListener("filled", fill);
  typed.value = "";
  fill();
}

const startAll = () => document.querySelectorAll("[data-tokens]:not([data-on])").forEach(start);
document.addEventListener("toggle", ({ target }) => target.matches?.(".recipients__more[open]") && target.querySelector("input:not([type=hidden])")?.focus(), true);
document.addEventListener("htmx:load", startAll);
startAll();
