// Where a page is on the site: from the home page down to the one above it.

import { h } from "./dom.js";

/** The way to a page, as links; `steps` are pairs of a name and an address. */
export function trail(steps) {
  const items = [["Home", "/"], ...steps].map(([name, href]) =>
    h("li", {}, h("a", { href }, name)),
  );
  return h("nav", { class: "wrap trail", "aria-label": "Breadcrumb" }, h("ol", {}, items));
}
