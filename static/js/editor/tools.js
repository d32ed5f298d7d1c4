/* The toolbar of an editor: formats with their keys, one stop for Tab and arrows inside, and the line for a link. */
const ACTS = {
  bold: (squire, on) => (on ? squire.removeBold() : squire.bold()),
  italic: (squire, on) => (on ? squire.removeItalic() : squire.italic()),
  underline: (squire, on) => (on ? squire.removeUnderline() : squire.underline()),
  strike: (squire, on) => (on ? squire.removeStrikethrough() : squire.strikethrough()),
  bullets: (squire, on) => (on ? squire.removeList() : squire.makeUnorderedList()),
  numbers: (squire, on) => (on ? squire.removeList() : squire.makeOrderedList()),
  quote: (squire, on) => (on ? squire.decreaseQuoteLevel() : squire.increaseQuoteLevel()),
  code: (squire) => squire.toggleCode(),
};
const TAGS = { bold: /^B$/, italic: /^I$/, underline: /^U$/, strike: /^S$/, code: /^(?:CODE|PRE)$/, link: /^A$/ };
Object.assign(TAGS, { bullets: /^UL$/, numbers: /^OL$/, quote: /^BLOCKQUOTE$/ });

function names(squire, surface) {
  const found = [];
  const { startContainer, endContainer } = squire.getSelection();
  const holds = (node) => node.contains(endContainer);
  for (let node = startContainer; node && node !== surface; node = node.parentNode) {
    if (node.nodeType === Node.ELEMENT_NODE && holds(node)) found.push(node.tagName);
  }
  return found;
}

/** Wires the toolbar of `root` to its surface. */
export function startTools(root, { squire, element }) {
  const bar = root.querySelector("[role=toolbar]");
  const buttons = [...bar.querySelectorAll("[data-format]")];
  const line = root.querySelector("[data-editor-link]");
  const address = line.querySelector("input");

  function showState() {
    const here = names(squire, element);
    for (const button of buttons) {
      button.setAttribute("aria-pressed", here.some((name) => TAGS[button.dataset.format].test(name)));
    }
  }

  function openLink() {
    const link = squire.getSelection().startContainer.parentElement?.closest("a");
    address.value = link?.getAttribute("href") ?? "";
    line.hidden = false;
    address.select();
  }

  function closeLink(apply) {
    line.hidden = true;
    squire.focus();
    const typed = address.value.trim();
    if (!apply) return;
    if (!typed) squire.removeLink();
    else squire.makeLink(/^[a-z]+:/i.test(typed) ? typed : typed.includes("@") ? `mailto:${typed}` : `https://${typed}`);
  }

  bar.addEventListener("mousedown", (event) => event.target.closest("[data-format]") && event.preventDefault());
  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-format]");
    if (!button) return;
    if (button.dataset.format === "link") return openLink();
    ACTS[button.dataset.format](squire, button.getAttribute("aria-pressed") === "true");
    squire.focus();
    showState();
  });
  line.addEventListener("click", ({ target }) => target.closest("button") && closeLink(target.closest("button").value === "add"));
  line.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    closeLink(event.key === "Enter");
  });
  for (const name of ["pathChange", "select", "cursor"]) squire.addEventListener(name, showState);
  const key = /Mac|iP/.test(navigator.platform) ? "Meta-k" : "Ctrl-k";
  squire.setKeyHandler(key, (_, event) => (event.preventDefault(), openLink()));
}
