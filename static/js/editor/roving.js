/* role="toolbar": one stop for Tab; the arrows, Home and End move inside. */
const itemsOf = (bar) => [...bar.querySelectorAll("button, input")].filter((one) => !one.hidden && !one.disabled);

function settle(bar, current) {
  for (const item of itemsOf(bar)) item.tabIndex = item === current ? 0 : -1;
}

/** Makes a toolbar one stop. */
export function rove(bar) {
  settle(bar, itemsOf(bar)[0]);
  bar.addEventListener("focusin", ({ target }) => settle(bar, target));
  bar.addEventListener("keydown", (event) => {
    const items = itemsOf(bar);
    const at = items.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    items[(to + items.length) % items.length].focus();
  });
}
