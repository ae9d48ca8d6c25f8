// Which view shows which address. These are the addresses that the API's canonical_url name;
// the server that answers them with a status keeps the same list in `addresses.py`.

import article from "./views/article.js";
import articles from "./views/articles.js";
import awards from "./views/awards.js";
import home from "./views/home.js";
import location from "./views/location.js";
import locations from "./views/locations.js";
import person from "./views/person.js";
import { desk, guests } from "./views/preview.js";
import search from "./views/search.js";
import team from "./views/team.js";

const ROUTES = [
  [/^\/$/, home],
  [/^\/articles\/$/, articles],
  [/^\/articles\/([^/]+)\/$/, article],
  [/^\/team\/$/, team],
  [/^\/team\/([^/]+)\/$/, person],
  [/^\/location\/$/, location],
  [/^\/locations\/$/, locations],
  [/^\/locations\/([^/]+)\/$/, location],
  [/^\/awards\/$/, awards],
  [/^\/search\/$/, search],
  [/^\/preview\/$/, guests],
  [/^\/preview\/desk\/$/, desk],
];

/** The view for a path and the slug in it; null where the site has no such page. */
export function match(path) {
  const withSlash = path.endsWith("/") ? path : `${path}/`;
  for (const [pattern, view] of ROUTES) {
    const found = pattern.exec(withSlash);
    if (found) return { view, path: withSlash, slug: decode(found[1]) };
  }
  return null;
}

function decode(text) {
  try {
    return text && decodeURIComponent(text);
  } catch {
    return text;
  }
}
