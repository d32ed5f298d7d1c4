/* data-more="/acme/customers/card/more/": a fold that opens, on whichever page, as this person last left it. */
async function remember(fold, isOpen) {
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  const body = new URLSearchParams({ open: isOpen ? "yes" : "no" });
  try {
    await fetch(fold.dataset.more, { method: "POST", body, headers, keepalive: true });
  } catch {
    /* Only a courtesy; the offline banner says that the connection is gone. */
  }
}

/* Not the event "toggle", which also comes for a fold that was drawn open. */
document.addEventListener("click", ({ target }) => {
  const fold = target.closest("details[data-more] > summary")?.parentElement;
  if (fold) remember(fold, !fold.open);
});
