/* data-people on the list of a field for addresses: customers whose name begins like what is typed are offered too. */
const PAUSE = 150;
let timer = 0;
let latest = 0;

async function offer(list, words) {
  const turn = ++latest;
  const response = await fetch(`${list.dataset.people}?q=${encodeURIComponent(words)}`).catch(() => null);
  if (!response?.ok || turn !== latest) return;
  const found = new DOMParser().parseFromString(await response.text(), "text/html");
  const known = new Set([...list.options].filter((one) => !one.dataset.found).map((one) => one.value));
  for (const one of list.querySelectorAll("[data-found]")) one.remove();
  for (const one of found.querySelectorAll("option")) {
    if (known.has(one.value)) continue;
    one.dataset.found = "";
    list.append(one);
  }
}

document.addEventListener("input", ({ target, inputType }) => {
  const list = target.list;
  const words = list?.dataset.people ? target.value.trim() : "";
  /* Without a kind of typing a suggestion was taken. */
  if (words.length < 2 || !inputType) return;
  clearTimeout(timer);
  timer = setTimeout(offer, PAUSE, list, words);
});
