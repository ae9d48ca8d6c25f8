// All locations of the practice.

import { h } from "../dom.js";
import { pageHead } from "../parts.js";
import { doors } from "./location.js";

export default {
  skeleton: "cards",

  async load() {
    // The site that every page loads names them all.
    return {};
  },

  render({ site: { locations, practice } }) {
    return {
      title: "Our locations",
      description: `Where to find ${practice.name}.`,
      content: [
        pageHead("Our locations"),
        h(
          "div",
          { class: "wrap block" },
          locations.length
            ? doors(locations, "h2")
            : h("p", { class: "empty" }, "No location is listed at the moment."),
        ),
      ],
    };
  },
};
