/* Where a menu of the editor stands: above the caret, below it where there is no room, always inside the window. */
const GAP = 6;

/** Puts a fixed element beside a box. */
export function placeNear(menu, { left, top, bottom }) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const above = top - GAP - height;
  menu.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
  menu.style.top = `${Math.max(GAP, above > GAP ? above : Math.min(bottom + GAP, innerHeight - height - GAP))}px`;
}
