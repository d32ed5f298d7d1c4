/* Whoever is let in no longer does not go on looking: when the stream is refused, or a part of the page is gone for its
   reader, the page is asked for; where it is gone too, the browser goes to what is there instead. */
const PAUSE = 5_000;
let asked = 0;

/** Leaves the page when its address leads elsewhere or nowhere now. */
export async function leaveIfOut() {
  if (Date.now() - asked < PAUSE) return;
  asked = Date.now();
  try {
    const answer = await fetch(location.href, { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || answer.status === 404) location.reload();
  } catch {
    /* No connection: the offline banner says so. */
  }
}
