/* Addresses as people type them: taken apart, shown, suggested. */
const PIECE = /(?:"(?:[^"\\]|\\.)*"|<[^<>]*>|[^,;\r\n"<])+/g;
const ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]{2,}$/;
const addressOf = (piece) => (piece.match(/<([^<>]*)>\s*$/)?.[1] ?? piece).trim();
const shortOf = (piece) => piece.replace(/<[^<>]*>\s*$/, "").replace(/^\s*"|"\s*$/g, "").trim() || addressOf(piece);
/** The addresses in a text, names beside them or not. */
export const piecesOf = (text) => (text.match(PIECE) ?? []).map((piece) => piece.trim()).filter(Boolean);

/** One address as a token; one that is none says so by its look. */
export function tokenFor(piece) {
  const token = document.createElement("li");
  const name = document.createElement("bdi");
  const button = document.createElement("button");
  token.className = ADDRESS.test(addressOf(piece)) ? "token" : "token token--wrong";
  Object.assign(token.dataset, { piece });
  token.title = piece;
  name.textContent = shortOf(piece);
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", `Remove ${addressOf(piece)}`);
  token.append(name, button);
  return token;
}

/** On a new ticket everybody is to choose from: the list is asked for while one types. */
export async function suggest(typed) {
  const url = typed.closest("[data-addresses-url]")?.dataset.addressesUrl;
  const words = typed.value.trim();
  if (!url || words.length < 2) return;
  const response = await fetch(`${url}?q=${encodeURIComponent(words)}`).catch(() => null);
  if (response?.ok && typed.value.trim() === words) typed.list.innerHTML = await response.text();
}
