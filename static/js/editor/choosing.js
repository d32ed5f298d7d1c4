/* The menu an editor opens while one types: canned replies after a slash or by their button, colleagues after an @. */
import { placeNear } from "./placing.js";

/** Answers {open({url, at, search, choose}), ask(words), key(event), close(), isOpen()}. */
export function makeChooser(root) {
  const menu = root.querySelector("[data-suggest]");
  const search = menu.querySelector("input");
  const list = menu.querySelector("[data-options]");
  const preview = menu.querySelector("[data-preview]");
  let now = null;
  let asked = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];

  function mark(option) {
    for (const one of options()) one.setAttribute("aria-selected", one === option);
    preview.hidden = !(preview.textContent = option?.dataset.preview ?? "");
    option?.scrollIntoView({ block: "nearest" });
    (now.search ? search : now.field).setAttribute("aria-activedescendant", option?.id ?? "");
    placeNear(menu, now.at);
  }

  async function ask(words) {
    const turn = (asked += 1);
    const url = new URL(now.url, location.href);
    url.searchParams.set("q", words);
    const response = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!response?.ok || turn !== asked || !now) return;
    list.innerHTML = await response.text();
    if (!options().length && !now.search) return close();
    menu.showPopover();
    mark(options()[0]);
  }

  function open(what) {
    now = what;
    search.value = "";
    search.parentElement.hidden = !what.search;
    if (!what.search) return;
    menu.showPopover();
    placeNear(menu, now.at);
    search.focus();
  }

  function close() {
    if (!now) return;
    const { field, search: hadSearch } = now;
    field.removeAttribute("aria-activedescendant");
    now = null;
    if (menu.matches(":popover-open")) menu.hidePopover();
    if (hadSearch) field.focus();
  }

  function choose(option) {
    const chosen = now.choose;
    close();
    chosen(option.dataset.insert);
  }

  /** Whether the key was for the menu. */
  function key(event) {
    if (!menu.matches(":popover-open")) return false;
    const all = options();
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) mark(all[(at + step + all.length) % all.length]);
    else if ((event.key === "Enter" || (event.key === "Tab" && !now.search)) && all[at]) choose(all[at]);
    else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => target.closest("[role=option]") && choose(target.closest("[role=option]")));
  search.addEventListener("input", () => ask(search.value));
  menu.addEventListener("keydown", key);
  return { open, ask, key, close, isOpen: () => now !== null };
}
