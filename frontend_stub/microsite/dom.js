// Elements, text and addresses. Everything from the API reaches the page through here or
// through richtext.js, so nothing it says can become markup by accident.

const SVG = "http://www.w3.org/2000/svg";
const SAFE_PROTOCOLS = new Set(["http:", "https:", "mailto:", "tel:"]);

/** The address when it is one a reader may follow, else null. */
export function safeUrl(text) {
  if (!text) return null;
  try {
    const url = new URL(text, location.origin);
    return SAFE_PROTOCOLS.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** An element; children that are null or false are left out, strings become text. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "href" || name === "src") setAddress(element, name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...present(children));
  return element;
}

/** Several nodes at once, for views that return more than one; functions make some of them. */
export function fragment(...children) {
  const result = document.createDocumentFragment();
  result.append(...present(children));
  return result;
}

/** Text that only screen readers say. */
export function hidden(text) {
  return h("span", { class: "visually-hidden" }, text);
}

// Drawn on a 24 px grid with one stroke width, so that they belong together.
const DRAWINGS = {
  arrow: "M5 12h14m-6-6 6 6-6 6",
  back: "M19 12H5m6 6-6-6 6-6",
  calendar: "M4 6h16v14H4zM4 10.5h16M8.5 3.5V8m7-4.5V8",
  check: "m4.5 12.5 5 5 10-11",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 4V12l3.2 2",
  close: "m6 6 12 12M18 6 6 18",
  info: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 7.5v5.5M12 7.6v.1",
  medal: "M12 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM8.6 13.4 7 21l5-2.6L17 21l-1.6-7.6",
  phone:
    "M6.2 3.8h3.2l1.6 4.4-2 1.6a12 12 0 0 0 5.2 5.2l1.6-2 4.4 1.6v3.2a1.8 1.8 0 0 1-2 1.8" +
    "A15.8 15.8 0 0 1 4.4 5.8a1.8 1.8 0 0 1 1.8-2Z",
  pin: "M12 21s-6.8-6-6.8-11a6.8 6.8 0 0 1 13.6 0c0 5-6.8 11-6.8 11Zm0-8.4a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2Z",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm4.8 11.3L20 20",
};

/** A small line drawing beside a text that says the same. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", DRAWINGS[name]);
  svg.append(path);
  return svg;
}

function setAddress(element, name, value) {
  const url = value.startsWith("#") ? value : safeUrl(value);
  if (url) element.setAttribute(name, url);
}

function present(children) {
  return children
    .flat(Infinity)
    .map((child) => (typeof child === "function" ? child() : child))
    .flat(Infinity)
    .filter(
      (child) => child !== null && child !== undefined && child !== false && child !== "",
    );
}
