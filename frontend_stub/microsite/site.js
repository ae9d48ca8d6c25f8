// What every page needs: the practice, its locations, and which of them this site belongs to.

import { read, readAll } from "./api.js";
import { shortName } from "./words.js";

let home = null;
let known = null;

/** Names the location that this site is for; null for a site of the whole practice. */
export function setHome(slug) {
  home = slug ?? null;
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

/** The site as last loaded, or null. */
export function knownSite() {
  return known;
}
