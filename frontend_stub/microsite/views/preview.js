// A draft, as readers would see it: with the key to it behind the `#`, which browsers send
// to nobody. Links from here lead to the site as it is.
//
// Guests come to /preview/ with a link that was sent to them. The editor's frame has an
// address of its own, /preview/desk/, where the editor's server may run its checks.

import { Problem, readPreview } from "../api.js";
import { mountChecks } from "../checks.js";
import { h, icon } from "../dom.js";
import article from "./article.js";
import person from "./person.js";
import place from "./location.js";

const VIEWS = { article, author: person, location: place };

export const guests = {
  skeleton: "article",
  load,

  render({ data, ...visit }) {
    return draft(visit, data, guestsBar(data.preview));
  },
};

export const desk = {
  skeleton: "article",

  async load() {
    try {
      return await load();
    } catch (problem) {
      if (problem.kind === "closed") {
        problem.detail = { title: "This preview has ended", detail: "Open it again in the editor." };
      }
      throw problem;
    }
  },

  render({ data, ...visit }) {
    mountChecks(data.preview.userbar);
    return draft(visit, data, editorsBar(data.preview));
  },
};

async function load() {
  const preview = await readPreview(location.hash.slice(1));
  const view = VIEWS[preview.document.type];
  if (!view) throw new Problem("missing");
  return { preview, data: await view.around(preview.document) };
}

function draft(visit, { preview, data }, bar) {
  const { title, content } = VIEWS[preview.document.type].render({ ...visit, data });
  return { title, robots: "noindex, nofollow", content: [bar, content] };
}

function guestsBar({ to_do: toDo, until }) {
  const end = new Date(until).toLocaleString(undefined, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return bar(
    `Only people with this link see it, until ${end}.`,
    toDo > 0 &&
      h(
        "p",
        {},
        toDo === 1
          ? "It is not finished: one thing is still to be done."
          : `It is not finished: ${toDo} things are still to be done.`,
      ),
  );
}

function editorsBar({ obstacles }) {
  return bar(
    "Readers see none of it before it is published.",
    obstacles.length > 0 &&
      h(
        "ul",
        {},
        obstacles.map((sentence) => h("li", {}, sentence)),
      ),
  );
}

function bar(sentence, more) {
  return h(
    "div",
    { class: "preview-bar", role: "note" },
    h(
      "div",
      { class: "wrap" },
      h("p", {}, icon("info"), h("strong", {}, "Preview of a draft."), ` ${sentence}`),
      more,
    ),
  );
}
