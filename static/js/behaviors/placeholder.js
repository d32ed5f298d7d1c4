/* data-placeholder with hx-get: a part of the page that comes by itself. When it does not come, its place says so and
   offers to ask once more, instead of loading for ever. */
const partOf = ({ detail }) => {
  const element = detail.requestConfig?.elt;
  return element?.matches?.("[data-placeholder][hx-get]") ? element : null;
};

function fill(part, words, button) {
  const line = document.createElement("p");
  line.className = "soft";
  line.setAttribute("role", "status");
  line.append(words);
  if (button) line.append(" ", button);
  part.replaceChildren(line);
}

function offer(part) {
  const again = document.createElement("button");
  again.className = "button button--small";
  again.type = "button";
  again.textContent = "Try again";
  again.addEventListener("click", () => {
    fill(part, "Loading…");
    const swap = part.getAttribute("hx-swap");
    /* What fails once more is said in its place. */
    htmx.ajax("GET", part.getAttribute("hx-get"), { source: part, target: part, swap }).catch(() => {});
  });
  fill(part, "This could not be loaded.", again);
}

for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, (event) => {
    const part = partOf(event);
    if (part) offer(part);
  });
}
