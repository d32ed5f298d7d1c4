// On the list: look for new mail every two seconds and show it, unless somebody is typing.
const list = document.querySelector("[data-count]");
if (list) {
  setInterval(async () => {
    if (document.hidden || document.activeElement?.tagName === "INPUT") return;
    try {
      const letters = await (await fetch(`/messages.json${location.search}`)).json();
      if (String(letters.length) !== list.dataset.count) location.reload();
    } catch {
      // The mailbox is being restarted; the next round finds it again.
    }
  }, 2000);
}
