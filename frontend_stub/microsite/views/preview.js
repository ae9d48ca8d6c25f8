// A draft, as readers would see it: at /preview/, with the key to it behind the `#`, which
// browsers send to nobody. Links from here lead to the site as it is.

import { Problem, readPreview } from "../api.js";
import { h, icon } from "../dom.js";
import { mountChecks } from "../checks.js";
import article from "./article.js";

export default {
  skeleton: "article",

  async load() {
    const preview = await readPreview(location.hash.slice(1));
    if (preview.document.type !== "article") throw new Problem("missing");
    return { preview, data: await article.around(preview.document) };
  },

  render({ data: { preview, data }, ...visit }) {
    const { title, content } = article.render({ ...visit, data });
    mountChecks(preview.userbar);
    return { title, robots: "noindex, nofollow", content: [bar(preview), content] };
  },
};

function bar({ obstacles, until }) {
  const end = new Date(until).toLocaleString(undefined, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return h(
    "div",
    { class: "preview-bar", role: "note" },
    h(
      "div",
      { class: "wrap" },
      h(
        "p",
        {},
        icon("info"),
        h("strong", {}, "Preview of a draft."),
        ` Only people with this link see it, until ${end}.`,
      ),
      obstacles.length > 0 &&
        h(
          "ul",
          {},
          obstacles.map((sentence) => h("li", {}, sentence)),
        ),
    ),
  );
}
