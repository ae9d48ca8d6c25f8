// Dates, addresses and counts as people write them.

import { dateFormat } from "./formats.js";
import { languageIn } from "./languages.js";

/** "October 28, 2026" for a date or a moment. */
export function day(text, locale = "en") {
  return format(text, locale, { dateStyle: "long" });
}

/** "Thu, Nov 26" for a date. */
export function shortDay(text, locale = "en") {
  return format(text, locale, { weekday: "short", month: "short", day: "numeric" });
}

/** "8:30 am" for "08:30". */
export function clock(text, locale = "en") {
  const [hour, minute] = text.split(":").map(Number);
  const moment = new Date(Date.UTC(2000, 0, 3, hour, minute));
  return dateFormat(locale, {
    hour: "numeric",
    minute: minute ? "2-digit" : undefined,
    timeZone: "UTC",
  })
    .format(moment)
    .replace(/\s?([AP])M/, (_, half) => `\u00a0${half.toLowerCase()}m`);
}

/** "Monday" for 1. */
export function weekdayName(weekday, locale = "en") {
  // 3 January 2000 was a Monday.
  const moment = new Date(Date.UTC(2000, 0, 2 + weekday));
  return dateFormat(locale, { weekday: "long", timeZone: "UTC" }).format(moment);
}

/** "1 article", "3 articles". */
export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/** "Picture: Ada Bell", so that it is not read as what the picture shows. */
export function creditLine(credit) {
  const saysSo = /^(©|\(c\)|(photo|picture|image|illustration|drawing|courtesy)\b)/i;
  return saysSo.test(credit.trim()) ? credit : `Picture: ${credit}`;
}

/** "NJ" for "US-NJ". */
export function regionName(code) {
  return (code ?? "").replace(/^[A-Z]{2}-/, "");
}

/** The lines of a postal address, empty ones left out. */
export function addressLines(place) {
  const town = [
    place.city,
    [regionName(place.region), place.postal_code].filter(Boolean).join(" "),
  ]
    .filter(Boolean)
    .join(", ");
  return [place.street_address, place.address_line_2, town].filter(Boolean);
}

/** The number that reaches a person; a fax machine does not answer. */
export function mainPhone(place) {
  return (place?.phones ?? []).find((phone) => phone.kind !== "fax") ?? null;
}

/** Where a map draws the way to the door. */
export function directionsUrl(place) {
  const destination = [...addressLines(place), place.country].filter(Boolean).join(", ");
  const query = new URLSearchParams({ api: "1", destination });
  return `https://www.google.com/maps/dir/?${query}`;
}

/** "Lake Como" for the "Northgate Lake Como" of "Northgate Therapy": what sets it apart. */
export function shortName(place, practice) {
  const words = place.name.split(" ");
  const common = practice.name.split(" ");
  while (words.length > 1 && words[0] === common[0]) {
    words.shift();
    common.shift();
  }
  return words.join(" ");
}

/** The practice's name with the location's. */
export function siteName(site) {
  if (!site) return "";
  return [site.practice.name, site.location?.short_name].filter(Boolean).join(", ");
}

/** The number as people write it: the display form, else North American numbers grouped. */
export function phoneText({ e164, display }) {
  return display || e164.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "($1) $2-$3");
}

/** The path of a document, or of what stands for it in another one, on this site. */
export function pathOf(type, given) {
  const name = encodeURIComponent(given.slug ?? "");
  const locale = languageIn(given);
  const language = locale ? `/${locale}` : "";
  const paths = {
    article: `${language}/articles/${name}/`,
    author: `${language}/team/${name}/`,
    award: `/awards/#${name}`,
    location: `${language}/locations/${name}/`,
  };
  return paths[type] ?? "/";
}

function format(text, locale, options) {
  // A bare date is a day and no moment: read in UTC, it stays that day everywhere.
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text ?? "");
  const moment = new Date(text ?? "");
  if (Number.isNaN(moment.getTime())) return "";
  const zone = isDate ? { timeZone: "UTC" } : {};
  return dateFormat(locale, { ...options, ...zone }).format(moment);
}
