/* data-panels: several links that fill one place: the one whose answer stands there is marked; while it is on its way
   the place says so, and when it does not come the former one stays marked (errors.js says why).
   data-opens-panel="address": a link elsewhere on the page that presses the one of that address. */
const linkOf = ({ detail }) => detail.requestConfig.elt.closest?.("[data-panels] a");
const panelOf = (link) => document.querySelector(link.getAttribute("hx-target"));

function mark(link) {
  for (const other of link.closest("[data-panels]").querySelectorAll("a")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "page");
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const link = linkOf({ detail });
  if (link) panelOf(link).setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const link = linkOf({ detail });
  if (!link?.isConnected) return;
  panelOf(link).removeAttribute("aria-busy");
  if (detail.successful) mark(link);
});

document.addEventListener("click", (event) => {
  const from = event.target.closest("a[data-opens-panel]");
  if (!from || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const links = [...document.querySelectorAll("[data-panels] a")];
  const link = links.find((one) => one.getAttribute("href") === from.dataset.opensPanel);
  if (!link) return;
  event.preventDefault();
  link.focus({ preventScroll: true });
  link.closest("section").scrollIntoView();
  link.click();
});
