/* Addresses as people type them: taken apart, shown, suggested. */
import { makeToken } from "./token.js";

const PIECE = /(?:"(?:[^"\\]|\\.)*"|<[^<>]*>|[^,;\r\n"<])+/g;
const ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]{2,}$/;
const addressOf = (piece) => (piece.match(/<([^<>]*)>\s*$/)?.[1] ?? piece).trim();
const shortOf = (piece) => piece.replace(/<[^<>]*>\s*$/, "").replace(/^\s*"|"\s*$/g, "").trim() || addressOf(piece);
/* The addresses in a text, names beside them or not. */
const piecesOf = (text) => (text.match(PIECE) ?? []).map((piece) => piece.trim()).filter(Boolean);

/* One that is no address says so by its look. */
const tokenFor = (piece) =>
  makeToken(piece, { name: shortOf(piece), label: addressOf(piece), isWrong: !ADDRESS.test(addressOf(piece)) });

/* On a new ticket everybody is to choose from: the list is asked for while one types. */
async function suggest(typed) {
  const url = typed.closest("[data-addresses-url]")?.dataset.addressesUrl;
  const words = typed.value.trim();
  if (!url || words.length < 2) return;
  const response = await fetch(`${url}?q=${encodeURIComponent(words)}`).catch(() => null);
  if (response?.ok && typed.value.trim() === words) typed.list.innerHTML = await response.text();
}

export const addresses = { piecesOf, tokenFor, suggest, complaint: "not an e-mail address. Correct it or take it out." };
