/* data-menu: puts an opened popover beside the button that opened it, inside the window.
   data-menu-closes: a form in it that is done once its answer came. */
const GAP = 4;
const TALL = 480; // of a panel: with less below its button it may cover the button

function place(menu) {
  const id = CSS.escape(menu.id);
  const button = document.querySelector(`[popovertarget="${id}"], [data-opens="${id}"][aria-expanded="true"]`);
  const at = button.getBoundingClientRect();
  const room = innerHeight - at.bottom - 2 * GAP;
  menu.style.maxBlockSize = menu.matches(".menu--panel") && room >= TALL ? `${room}px` : "";
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = menu.dataset.menu === "end" ? at.right - width : at.left;
  const below = at.bottom + GAP;
  const top = below + height < innerHeight ? below : at.top - GAP - height;
  menu.style.inset = "auto";
  menu.style.margin = "0";
  menu.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
  menu.style.top = `${Math.max(GAP, top)}px`;
}

document.addEventListener(
  "toggle",
  ({ target, newState }) => target.matches("[data-menu]") && newState === "open" && place(target),
  true,
);

/* Arrows move through the links and buttons of a menu. */
document.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || !event.target.matches?.("[data-menu]:popover-open .menu__item")) return;
  event.preventDefault();
  const items = [...event.target.closest("[data-menu]").querySelectorAll(".menu__item")];
  items.at((items.indexOf(event.target) + by) % items.length).focus();
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.requestConfig.elt;
  if (detail.successful && form.matches?.("[data-menu-closes]")) form.closest(":popover-open")?.hidePopover();
});
