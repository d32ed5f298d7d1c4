/* What opens the chooser: "/" and "@" before a word, and the button of canned replies. */
import { makeChooser } from "./choosing.js";

const SLASH = /(?:^|\s)\/([\p{L}\p{N}][\p{L}\p{N} ]{0,30}|)$/u;
const AT = /(?:^|[\s(])@([\p{L}\p{N}][\p{L}\p{N}.' -]{0,40}|)$/u;

/* The text of the line before the caret, as far as one node holds it. */
function before(range) {
  const node = range.startContainer;
  return range.collapsed && node.nodeType === Node.TEXT_NODE ? node.data.slice(0, range.startOffset) : "";
}

/** Wires them; an editor without colleagues knows no "@". */
export function startTriggers({ root, form }, { squire, element }) {
  const chooser = makeChooser(root);
  const { repliesUrl, colleaguesUrl } = root.dataset;
  const button = root.querySelector("[data-editor-replies]");

  function withInbox(url) {
    const inbox = form.elements.inbox?.value;
    return inbox ? `${url}?inbox=${encodeURIComponent(inbox)}` : url;
  }

  function insert(html, typed) {
    const range = squire.getSelection();
    if (typed) range.setStart(range.startContainer, range.startOffset - typed.length);
    squire.saveUndoState();
    squire.setSelection(range);
    squire.insertHTML(html);
    squire.focus();
  }

  function look() {
    const range = squire.getSelection();
    const text = before(range);
    const found = (repliesUrl && text.match(SLASH)) || null;
    const person = !found && colleaguesUrl ? text.match(AT) : null;
    const words = (found ?? person)?.[1];
    if (words === undefined) return chooser.close();
    const url = found ? withInbox(repliesUrl) : colleaguesUrl;
    chooser.open({ url, at: squire.getCursorPosition(), field: element, choose: (html) => insert(html, `/${words}`) });
    chooser.ask(words);
  }

  function openSearch() {
    const at = button.getBoundingClientRect();
    chooser.open({ url: withInbox(repliesUrl), at, field: element, search: true, choose: (html) => insert(html) });
    chooser.ask("");
  }

  squire.addEventListener("input", look);
  squire.addEventListener("cursor", () => chooser.isOpen() && look());
  /* Before the surface hears the key. */
  root.addEventListener("keydown", (event) => event.target === element && chooser.isOpen() && chooser.key(event), true);
  root.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !root.contains(relatedTarget) && chooser.close());
  button?.addEventListener("click", openSearch);
}
