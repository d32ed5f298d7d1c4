/* data-ago: keeps young ages true. From a day on the server's word stays: it knows the agent's time zone. */
const MINUTE = 60_000;

function words(age) {
  if (age < MINUTE) return "now";
  if (age < 60 * MINUTE) return `${Math.floor(age / MINUTE)}m`;
  return `${Math.floor(age / (60 * MINUTE))}h`;
}

function refresh() {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const age = Date.now() - Date.parse(time.dateTime);
    if (age < 24 * 60 * MINUTE && time.textContent !== words(age)) time.textContent = words(age);
  }
}

setInterval(refresh, MINUTE / 2);
