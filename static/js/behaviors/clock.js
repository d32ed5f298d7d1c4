/* data-clock="Asia/Tokyo": keeps the clock of somebody elsewhere going, also over a change to or from summer time. */
const EVERY = 10_000;
const FORMAT = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "longOffset" };

/** "GMT+05:45" as "UTC+5:45", which is how the server writes it. */
function offset(words) {
  const [, sign = "+", hours = "0", minutes = "00"] = words.match(/([+-])(\d+):(\d+)/) ?? [];
  return `UTC${sign === "-" ? "−" : "+"}${Number(hours)}${minutes === "00" ? "" : `:${minutes}`}`;
}

function read(timeZone) {
  const parts = new Intl.DateTimeFormat("en", { ...FORMAT, timeZone }).formatToParts(Date.now());
  const { weekday, hour, minute, timeZoneName } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return [`${weekday} ${hour}:${minute} `, offset(timeZoneName)];
}

function refresh() {
  for (const time of document.querySelectorAll("time[data-clock]")) {
    try {
      [time.firstChild.data, time.lastElementChild.textContent] = read(time.dataset.clock);
    } catch (problem) {
      if (!(problem instanceof RangeError)) throw problem;
      delete time.dataset.clock; /* A zone that this browser does not have: what the server said stays. */
    }
  }
}

setInterval(refresh, EVERY);
