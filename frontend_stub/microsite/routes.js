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

// What is in another language than the site's own has that before its address.
const LANGUAGE = "(?:/([a-z]{2,3}(?:-[A-Za-z0-9]+)*))?";
const listOf = (folder) => new RegExp(`^${LANGUAGE}/${folder}/$`);
const documentIn = (folder) => new RegExp(`^${LANGUAGE}/${folder}/([^/]+)/$`);

const ROUTES = [
  [/^\/$/, home],
  [listOf("articles"), articles],
  [documentIn("articles"), article],
  [/^\/team\/$/, team],
  [documentIn("team"), person],
  [/^\/location\/$/, location],
  [/^\/locations\/$/, locations],
  [documentIn("locations"), location],
  [/^\/awards\/$/, awards],
  [/^\/search\/$/, search],
  [/^\/preview\/$/, guests],
  [/^\/preview\/desk\/$/, desk],
];

/** The view for a path, the language and the slug in it; null where there is no such page. */
export function match(path) {
  const withSlash = path.endsWith("/") ? path : `${path}/`;
  for (const [pattern, view] of ROUTES) {
    const found = pattern.exec(withSlash);
    if (found) return { view, path: withSlash, locale: found[1], slug: decode(found[2]) };
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
