// What every page needs: the practice, its locations, and which of them this site belongs to.

import { read, readAll } from "./api.js";
import { shortName } from "./words.js";

let home = null;
let known = null;
let standIn = null;

/**
 * Names the location that this site is for, null for a site of the whole practice, and whom to
 * call while the API says nothing: `practice`, `place`, `e164` and `display` of a number.
 */
export function setHome(slug, whom) {
  home = slug ?? null;
  standIn = whom?.practice ? fromContact(whom) : null;
}

/** The practice and its locations; asked for once, and again when `fresh`. */
export async function loadSite({ fresh = false } = {}) {
  if (!known || fresh) {
    const [practice, locations] = await Promise.all([read("practice/"), readAll("locations")]);
    const named = locations.map((place) => ({
      ...place,
      short_name: shortName(place, practice),
    }));
    const location = named.find(({ slug }) => slug === home) ?? null;
    known = { practice, locations: named, location };
  }
  return known;
}

/** The site as last loaded, else as far as its own configuration knows it, or null. */
export function knownSite() {
  return known ?? standIn;
}

function fromContact({ practice: name, place, e164, display }) {
  const practice = { name, phone: place ? "" : e164 };
  const phones = e164 ? [{ kind: "main", e164, display }] : [];
  const short_name = place && shortName({ name: place }, practice);
  return { practice, locations: [], location: place ? { name: place, short_name, phones } : null };
}
