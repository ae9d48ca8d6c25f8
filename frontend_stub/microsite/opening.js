// Opening hours on the page: one line for now, a table for the week, a list of exceptions.

import { h } from "./dom.js";
import {
  comingExceptions,
  daysAfter,
  hoursOn,
  localTime,
  openState,
  weekdayOf,
} from "./hours.js";
import { clock, shortDay, weekdayName } from "./words.js";

const lines = new WeakMap();

/** "Open now, until 6 pm", kept true by tick(); null for a location without hours. */
export function openLine(place) {
  if (!place.hours?.length && !place.hours_exceptions?.length) return null;
  const line = h("p", { class: "open-line", "data-open-line": true });
  lines.set(line, place);
  write(line, place);
  return line;
}

/** Brings every line on the page up to the current minute. */
export function tick() {
  for (const line of document.querySelectorAll("[data-open-line]"))
    write(line, lines.get(line));
}

/** Monday to Sunday, today marked and with today's exception in place. */
export function hoursTable(place) {
  const { date, weekday } = localTime(place);
  const rows = [1, 2, 3, 4, 5, 6, 7].map((number) => {
    const isToday = number === weekday;
    // A week in general, except for today, which people read as today.
    const shown = isToday
      ? hoursOn(place, date)
      : hoursOn({ ...place, hours_exceptions: [] }, daysAfter(date, number - weekday));
    return h(
      "tr",
      isToday ? { class: "is-today", "aria-current": "date" } : {},
      h(
        "th",
        { scope: "row" },
        weekdayName(number),
        isToday && h("span", { class: "today-mark" }, "Today"),
      ),
      h(
        "td",
        {},
        intervalLines(shown),
        shown.reason && h("span", { class: "line soft" }, shown.reason),
      ),
    );
  });
  return h(
    "table",
    { class: "hours", "aria-label": "Opening hours" },
    h("tbody", {}, rows),
  );
}

/** Holidays and other days that differ; null when there are none to come. */
export function exceptionsList(place) {
  const coming = comingExceptions(place);
  if (!coming.length) return null;
  const items = coming.map((exception) =>
    h(
      "li",
      {},
      h("strong", {}, exceptionDays(exception)),
      ": ",
      exception.closed || !exception.opens
        ? "closed"
        : `open ${clock(exception.opens)} to ${clock(exception.closes)}`,
      exception.reason && `, ${exception.reason}`,
    ),
  );
  return h("ul", { class: "exceptions" }, items);
}

function write(line, place) {
  const state = openState(place);
  const sentence = state.isOpen ? openSentence(state) : closedSentence(state);
  line.classList.toggle("is-open", state.isOpen);
  if (line.textContent !== sentence.join("")) {
    line.replaceChildren(h("strong", {}, sentence[0]), sentence[1]);
  }
}

function openSentence(state) {
  return ["Open now", `, until ${clock(state.closes)}`];
}

function closedSentence({ today, next }) {
  const isClosedAllDay = !today.intervals.length;
  const reason = today.reason && isClosedAllDay ? ` (${today.reason})` : "";
  const now = (isClosedAllDay ? "Closed today" : "Closed now") + reason;
  if (!next) return [now, ""];
  const when = ["today", "tomorrow"][next.days] ?? onDay(next);
  return [now, `, opens ${when} at ${clock(next.opens)}`];
}

function onDay({ date, days }) {
  return days < 7 ? weekdayName(weekdayOf(date)) : shortDay(date);
}

function intervalLines({ intervals }) {
  if (!intervals.length) return h("span", { class: "line" }, "Closed");
  return intervals.map(({ opens, closes }) =>
    h("span", { class: "line" }, `${clock(opens)} – ${clock(closes)}`),
  );
}

function exceptionDays({ starts_on: first, ends_on: last }) {
  return last && last !== first ? `${shortDay(first)} to ${shortDay(last)}` : shortDay(first);
}
