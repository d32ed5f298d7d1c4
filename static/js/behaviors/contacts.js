/* data-contacts: rows of one kind of contact. Filling the empty one reveals the next; while shown ones are ticked to be
   removed, hidden ones ([data-contact-spare]) move up, so that as many as before are shown. */
const BLANK = "li[data-contact-new]";

function last(group) {
  return [...group.querySelectorAll(BLANK)].at(-1);
}

function number(row) {
  return Number(/\d+$/.exec(row.id)[0]);
}

/** The same row, empty, under the next number. */
function next(row) {
  const key = row.id.replace("contact-", "");
  const highest = Math.max(...[...row.parentElement.querySelectorAll(BLANK)].map(number));
  const made = document.createElement("template");
  made.innerHTML = row.outerHTML.replaceAll(key, key.replace(/\d+$/, highest + 1));
  const fresh = made.content.firstElementChild;
  fresh.classList.remove("field--wrong");
  fresh.querySelector(".field__error")?.remove();
  for (const input of fresh.querySelectorAll("input:not([type=hidden], [type=radio])")) input.removeAttribute("value");
  for (const input of fresh.querySelectorAll("[checked], [aria-invalid]")) {
    input.removeAttribute("checked");
    input.removeAttribute("aria-invalid");
  }
  return fresh;
}

document.addEventListener("input", (event) => {
  const row = event.target.closest?.(BLANK);
  const group = row?.closest("[data-contacts]");
  if (!group || row !== last(group) || !row.querySelector(".reach__value input").value) return;
  row.after(next(row));
});

document.addEventListener("change", (event) => {
  const box = event.target.closest?.(".reach__remove input");
  const group = box?.closest("[data-contacts]");
  if (!group) return;
  const spare = group.querySelector("[data-contact-spare][hidden]");
  const gone = group.querySelectorAll(".reach__row:not([hidden]) .reach__remove :checked").length;
  const up = group.querySelectorAll("[data-contact-spare]:not([hidden])").length;
  if (!spare || !box.checked || gone <= up) return;
  spare.hidden = false;
  /* Sent back with something wrong in it, it shall still be seen. */
  spare.querySelector("input[name=spare]")?.remove();
  const rest = group.querySelector("[data-contacts-rest]");
  const left = Number(rest.dataset.contactsRest) - up - 1;
  rest.firstElementChild.textContent = left;
  rest.hidden = !left;
});
