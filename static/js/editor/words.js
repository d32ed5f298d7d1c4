/* Words as people type them, with commas between: taken apart, shown, suggested. */
import { makeToken } from "./token.js";

const LONGEST = 50;
const piecesOf = (text) => text.split(/[,\n]/).map((piece) => piece.trim().replace(/\s+/g, " ")).filter(Boolean);

/* One that is too long says so by its look. */
const tokenFor = (piece) => makeToken(piece, { name: piece, isWrong: [...piece].length > LONGEST });

async function suggest(typed) {
  const url = typed.closest("[data-words-url]")?.dataset.wordsUrl;
  const start = typed.value.trim();
  if (!url || !start) return;
  const response = await fetch(`${url}?q=${encodeURIComponent(start)}`).catch(() => null);
  if (response?.ok && typed.value.trim() === start) typed.list.innerHTML = await response.text();
}

export const words = { piecesOf, tokenFor, suggest, complaint: `a tag has at most ${LONGEST} characters.` };
