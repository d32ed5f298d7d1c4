/** One piece of a list as a token that can be taken off; what is wrong says so by its look. */
export function makeToken(piece, { name, label = piece, isWrong }) {
  const token = document.createElement("li");
  const words = document.createElement("bdi");
  const button = document.createElement("button");
  token.className = isWrong ? "token token--wrong" : "token";
  Object.assign(token.dataset, { piece });
  token.title = piece;
  words.textContent = name;
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", `Remove ${label}`);
  token.append(words, button);
  return token;
}
