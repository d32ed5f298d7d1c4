/* data-opens="id": a link whose page opens as a menu beside it: the popover of that id is filled from its address.
   A form inside closes it when it was done, unless it has data-stays. */
const menuOf = (link) => document.getElementById(link.dataset.opens);

function settle(menu) {
  const first = "button:not(.filter__close), input:not([type=hidden]), select, textarea";
  const wanted = ["[data-chooser-filter]", "[aria-current]", first];
  const seen = (one) => [...menu.querySelectorAll(one)].find((each) => each.getClientRects().length);
  wanted.map(seen).find(Boolean)?.focus();
}

async function open(link) {
  const menu = menuOf(link);
  menu.replaceChildren();
  try {
    await htmx.ajax("GET", link.href, { source: menu, target: menu, swap: "innerHTML" });
  } catch {
    /* htmx has said why; the empty menu below becomes the page itself. */
  }
  if (!menu.childElementCount) return void (location.href = link.href);
  link.setAttribute("aria-expanded", "true");
  link.focus();
  menu.showPopover();
  settle(menu);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-opens]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (menuOf(link).matches(":popover-open")) menuOf(link).hidePopover();
  else open(link);
});

document.addEventListener("toggle", ({ target, newState }) => {
  if (newState !== "closed") return;
  for (const link of document.querySelectorAll(`[data-opens="${CSS.escape(target.id)}"]`)) link.removeAttribute("aria-expanded");
}, true);

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  /* Of the form that asked: once it was drawn again, the event comes from what is left around it. */
  const { elt: form, verb } = detail.requestConfig ?? {};
  const menu = verb === "post" && form.closest("[popover]");
  if (menu && detail.successful && !form.matches("[data-stays]")) menu.hidePopover();
});

/* A menu that stays was drawn again: go on where one was. */
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target?.matches?.("[popover]:popover-open") && detail.requestConfig.verb === "post") settle(detail.target);
});
