/* What was typed and not yet sent, kept for this tab: a reload, a lost session or an error loses nothing. */
const key = (field) => `draft:${location.pathname.split("/")[1]}:${field.id}`;

/** Keeps the text of a field and what it was based on; an empty text is kept only where there is a basis. */
export function remember(field, basis = "") {
  if (field.value || basis) sessionStorage.setItem(key(field), JSON.stringify({ text: field.value, basis }));
  else forget(field);
}

/** The kept {text, basis} of a field, or null. */
export function recall(field) {
  return JSON.parse(sessionStorage.getItem(key(field)));
}

/** The text has arrived where it belongs. */
export function forget(field) {
  sessionStorage.removeItem(key(field));
}
