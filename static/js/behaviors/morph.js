/* What a live refresh must leave alone: fields that somebody is working in, what a reader has opened, what took the
   place of a data-placeholder, the attributes an element lists in data-keep, and all of an element with data-browser:
   only the browser writes there.

   Idiomorph compares the page with the server's answer; these callbacks protect what only the browser knows. */
const held = new WeakSet();

/** From now on refreshes leave this field as it is. */
export function hold(field) {
  held.add(field);
}

/** Refreshes may change this field again. */
export function release(field) {
  held.delete(field);
}

/** Changes an element into what the server answered. The context is what makes htmx find the extension `morph`. */
export function become(element, html) {
  htmx.swap(element, html, { swapStyle: "morph", swapDelay: 0, settleDelay: 0 }, { contextElement: element });
}

const { defaults } = window.Idiomorph;
const isFilled = (old, fresh) => "placeholder" in (fresh.dataset ?? {}) && !("placeholder" in (old.dataset ?? {}));
/* Not `ignoreActiveValue`: that also keeps the words on a button that was just pressed. */
const isUsed = (old) => held.has(old) || (old === document.activeElement && old.matches("input, select, textarea"));
const isBrowsers = (old) => "browser" in (old.dataset ?? {});
defaults.callbacks.beforeNodeMorphed = (old, fresh) => !isUsed(old) && !isBrowsers(old) && !isFilled(old, fresh);
/* A long timeline begins somewhere (data-from, in seconds): what stands before that was asked for and stays. */
const secondsOf = (line) => line.dataset.at ?? Date.parse(line.querySelector("time")?.dateTime) / 1000;
const isEarlier = (node) => node.parentElement?.dataset.from && secondsOf(node) <= node.parentElement.dataset.from;
defaults.callbacks.beforeNodeRemoved = (node) => !(node instanceof Element && isEarlier(node));
defaults.callbacks.beforeAttributeUpdated = (name, element) => {
  if (name === "open") return false;
  return !element.dataset.keep?.split(" ").includes(name);
};
