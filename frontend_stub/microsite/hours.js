// When a location is open: its weekly hours, its exceptions, its own time zone. No page here,
// only answers.

import { dateFormat } from "./formats.js";

const DAYS_AHEAD = 14;
const EXCEPTION_DAYS_AHEAD = 100;

/** The date, the weekday (1 is Monday) and the minute of the day at the location. */
export function localTime(place, moment = new Date()) {
  const parts = Object.fromEntries(
    dateFormat("en", {
      timeZone: place.time_zone || undefined,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  const date = `${parts.year}-${parts.month}-${parts.day}`;
  return { date, weekday: weekdayOf(date), minute: minuteOf(`${parts.hour}:${parts.minute}`) };
}

/** What holds on one date: intervals in order, and the exception that made them so.
 *
 * Of several exceptions the one for the fewest days counts, and of equals one that closes,
 * as `open_at` of the API has it: a holiday within longer hours is a holiday. */
export function hoursOn(place, date) {
  const covering = (place.hours_exceptions ?? []).filter(
    (exception) => exception.starts_on <= date && date <= lastDay(exception),
  );
  const fewest = Math.min(...covering.map(daysOf));
  const exceptions = covering
    .filter((exception) => daysOf(exception) === fewest)
    .sort((one, other) => Number(other.closed) - Number(one.closed));
  if (exceptions.length) {
    const open = exceptions[0].closed ? [] : exceptions.filter(({ opens }) => opens);
    return { intervals: inOrder(open), reason: exceptions[0].reason || "", isException: true };
  }
  const weekday = weekdayOf(date);
  const intervals = inOrder((place.hours ?? []).filter((row) => row.weekday === weekday));
  return { intervals, reason: "", isException: false };
}

function lastDay(exception) {
  return exception.ends_on ?? exception.starts_on;
}

function daysOf(exception) {
  return Date.parse(lastDay(exception)) - Date.parse(exception.starts_on);
}

/** Whether the door is open now, until when, or when it opens next. */
export function openState(place, moment = new Date()) {
  const now = localTime(place, moment);
  const today = hoursOn(place, now.date);
  const current = today.intervals.find(
    ({ opens, closes }) =>
      minuteOf(opens) <= now.minute && now.minute < closingMinute(opens, closes),
  );
  if (current) return { isOpen: true, closes: current.closes, today, date: now.date };
  return { isOpen: false, today, date: now.date, next: nextOpening(place, now) };
}

/** Exceptions of the coming months, soonest first. */
export function comingExceptions(place, moment = new Date()) {
  const { date } = localTime(place, moment);
  const last = daysAfter(date, EXCEPTION_DAYS_AHEAD);
  return (place.hours_exceptions ?? [])
    .filter(
      ({ starts_on: starts, ends_on: ends }) => (ends ?? starts) >= date && starts <= last,
    )
    .sort((one, other) => one.starts_on.localeCompare(other.starts_on));
}

/** `date` plus a number of days. */
export function daysAfter(date, days) {
  const moment = new Date(`${date}T12:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(date) {
  return new Date(`${date}T12:00:00Z`).getUTCDay() || 7;
}

function nextOpening(place, now) {
  for (let days = 0; days <= DAYS_AHEAD; days += 1) {
    const date = daysAfter(now.date, days);
    const next = hoursOn(place, date).intervals.find(
      ({ opens }) => days > 0 || minuteOf(opens) > now.minute,
    );
    if (next) return { date, days, opens: next.opens };
  }
  return null;
}

function inOrder(intervals) {
  return [...intervals].sort((one, other) => one.opens.localeCompare(other.opens));
}

function minuteOf(text) {
  const [hour, minute] = text.split(":").map(Number);
  return hour * 60 + minute;
}

function closingMinute(opens, closes) {
  const minute = minuteOf(closes);
  // "18:00 to 00:00" closes at the end of the day.
  return minute > minuteOf(opens) ? minute : 24 * 60;
}
