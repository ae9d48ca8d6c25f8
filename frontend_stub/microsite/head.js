// What the browser's tab and search engines are told about the page that is shown.

import { safeUrl } from "./dom.js";
import { OWN, directionOf } from "./languages.js";

// What the server wrote of the page that was asked for first is about that page alone.
const firstPath = location.pathname;

/**
 * Sets title, description, canonical address, robots and language; what is not given is taken
 * away, and the language is then the site's own.
 */
export function describe({ title, description, canonical, robots, locale = OWN }) {
  if (location.pathname !== firstPath) {
    for (const served of document.head.querySelectorAll("[data-served]")) served.remove();
  }
  document.documentElement.lang = locale;
  document.documentElement.dir = directionOf(locale);
  document.title = title;
  set("meta", "name", "description", "content", description);
  set("meta", "name", "robots", "content", robots);
  set("link", "rel", "canonical", "href", safeUrl(canonical));
}

function set(tag, key, name, attribute, value) {
  let element = document.head.querySelector(`${tag}[${key}="${name}"]`);
  if (!value) {
    element?.remove();
    return;
  }
  if (!element) {
    element = document.createElement(tag);
    element.setAttribute(key, name);
    document.head.append(element);
  }
  element.setAttribute(attribute, value);
}
