/* What may stand in the editor, whoever it comes from: a paste, a draft, a canned reply. Everything is built anew from
   this list, so no script, attribute, style or picture of a stranger gets in. The server cleans again when it sends. */
const KEPT = new Set("A BLOCKQUOTE BR CODE DIV LI OL PRE UL".split(" "));
const SAME = { B: "B", STRONG: "B", I: "I", EM: "I", CITE: "I", U: "U", INS: "U", S: "S", STRIKE: "S", DEL: "S" };
const CODE = new Set("TT KBD SAMP".split(" "));
const LINES = new Set(
  "ADDRESS ARTICLE ASIDE CAPTION CENTER DD DETAILS DL DT FIGCAPTION FIGURE FOOTER HEADER HR MAIN NAV P SECTION SUMMARY TR".split(" "),
);
const GONE = new Set(
  "APPLET AUDIO BASE BUTTON CANVAS EMBED HEAD IFRAME IMG INPUT LINK MATH META NOSCRIPT OBJECT OPTION SCRIPT SELECT STYLE SVG TEMPLATE TEXTAREA TITLE VIDEO".split(" "),
);
const LINK = /^(?:https?:\/\/|mailto:)\S/i;
const DEEPEST = 100;

/** A safe fragment of this document made from any markup. */
export function toFragment(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html"); /* inert: nothing in it runs or loads */
  const fragment = document.createDocumentFragment();
  copy(parsed.body, fragment, 0);
  return fragment;
}

/* The attribute as text: our policy does not let the browser read styles of others. */
const styleOf = (element) => (element.getAttribute("style") ?? "").toLowerCase();

function formatsOf(element, style) {
  const formats = [SAME[element.tagName] ?? (CODE.has(element.tagName) ? "CODE" : "")].filter(Boolean);
  if (/^H[1-6]$/.test(element.tagName) || /font-weight\s*:\s*(?:bold|[6-9]00)/.test(style)) formats.push("B");
  if (/font-style\s*:\s*italic/.test(style)) formats.push("I");
  if (/text-decoration[^;]*line-through/.test(style)) formats.push("S");
  /* Google wraps whole documents in a <b> that is none. */
  return /font-weight\s*:\s*(?:normal|[1-4]00)/.test(style) ? formats.filter((one) => one !== "B") : formats;
}

function frameOf(element) {
  const name = element.tagName;
  if (LINES.has(name) || /^H[1-6]$/.test(name)) return document.createElement("DIV");
  if (!KEPT.has(name)) return null;
  const frame = document.createElement(name);
  const address = (element.getAttribute("href") ?? "").replace(/[\u0000-\u0020"<>\u007f-\u00a0\u2028\u2029]/g, "");
  if (name === "A" && !LINK.test(address)) return null;
  if (name === "A") frame.href = address;
  return frame;
}

/* Word writes lists as paragraphs with a drawn bullet. */
function wordItem(element, into) {
  const isNumbered = /^\s*\(?[\da-z]{1,4}[.)]/i.test(element.textContent);
  const name = isNumbered ? "OL" : "UL";
  const list = into.lastElementChild?.tagName === name ? into.lastElementChild : document.createElement(name);
  into.append(list);
  return list.appendChild(document.createElement("LI"));
}

function copy(from, into, depth) {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) into.append(child.data);
    else if (child.nodeType === Node.ELEMENT_NODE) copyElement(child, into, depth);
  }
}

function copyElement(element, into, depth) {
  const style = styleOf(element);
  if (GONE.has(element.tagName.toUpperCase()) || element.hidden || /display\s*:\s*none|mso-list\s*:\s*ignore/.test(style)) return;
  if (depth > DEEPEST) return void into.append(element.textContent);
  let place = /mso-list\s*:\s*l/.test(style) ? wordItem(element, into) : frameOf(element);
  if (place && !place.parentNode) into.append(place);
  place ??= into;
  for (const format of formatsOf(element, style)) place = place.appendChild(document.createElement(format));
  copy(element, place, depth + 1);
  if (/^T[DH]$/.test(element.tagName)) place.append(" ");
}
