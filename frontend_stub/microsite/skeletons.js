// What stands in while a page is on its way, in the layout that it will have.

import { h, hidden } from "./dom.js";

const CARDS = 6;

const SKELETONS = {
  article: () => [
    text("skeleton-title", 2),
    text("skeleton-line", 2),
    box("skeleton-byline"),
    text("skeleton-line", 9),
  ],
  cards: () => [
    text("skeleton-title"),
    h(
      "div",
      { class: "card-grid" },
      repeat(CARDS, () => box("skeleton-card")),
    ),
  ],
  people: () => [
    text("skeleton-title"),
    h(
      "div",
      { class: "person-grid" },
      repeat(CARDS, () => box("skeleton-person")),
    ),
  ],
  page: () => [text("skeleton-title"), text("skeleton-line", 4), box("skeleton-card")],
};

/** Grey shapes for one of the layouts above. */
export function skeleton(layout = "page") {
  const narrow = layout === "article" ? " skeleton-article" : "";
  return h(
    "div",
    { class: `wrap skeleton${narrow}` },
    hidden("Loading…"),
    h("div", { "aria-hidden": "true" }, SKELETONS[layout]()),
  );
}

function text(kind, lines = 1) {
  return repeat(lines, () => box(kind));
}

function box(kind) {
  return h("div", { class: `bone ${kind}` });
}

function repeat(times, make) {
  return Array.from({ length: times }, make);
}
