// Pages for when there is no page: not found, withdrawn, offline, out of reach, broken.

import { h, icon } from "../dom.js";
import { openLine } from "../opening.js";
import { placeActions, searchForm } from "../parts.js";
import { count, day, pathOf, siteName } from "../words.js";

// What is said where the clinic gave no reason; only a withdrawal calls the text unsafe.
const GONE = {
  expired: ["This page is no longer current", "It was written for a certain time."],
  gone: ["This page has been removed", "It is no longer part of our site."],
  redirected: ["This page has moved", "Its text has a new place."],
  withdrawn: ["We have withdrawn this page", "What it said should no longer be used."],
};

/** The page for a Problem; `again` is what the button does. */
export function problemPage(problem, { site, again }) {
  const make = PAGES[problem.kind] ?? PAGES.failed;
  const { title, content } = make(problem, again);
  return {
    title,
    robots: "noindex",
    content: h(
      "div",
      { class: "wrap problem" },
      h("div", { class: "problem-text" }, h("h1", {}, title), content),
      site && help(site),
    ),
  };
}

const PAGES = {
  missing: () => ({
    title: "We could not find that page",
    content: [
      h("p", { class: "lead" }, "The address may be mistyped, or the page may have gone."),
      searchForm({
        action: "/search/",
        label: "Search this site",
        placeholder: "Search our site",
      }),
      h(
        "p",
        {},
        h("a", { href: "/articles/" }, "All articles"),
        " · ",
        h("a", { href: "/" }, "Home page"),
      ),
    ],
  }),

  withdrawn: ({ detail }) => {
    const [title, sentence] = GONE[detail.kind] ?? GONE.withdrawn;
    const since = detail.withdrawn_at;
    return {
      title,
      content: [
        h("p", { class: "lead" }, detail.reason || sentence),
        since &&
          h("p", { class: "soft" }, "Since ", h("time", { datetime: since }, day(since))),
        replacement(detail.replacement),
        h("p", {}, h("a", { href: "/articles/" }, "All articles")),
      ],
    };
  },

  closed: ({ detail }) => ({
    title: detail.title ?? "There is no draft here",
    content: [
      h("p", { class: "lead" }, detail.detail ?? "This link has ended."),
      h("p", {}, h("a", { href: "/" }, "Home page")),
    ],
  }),

  busy: (_, again) => ({
    title: "One moment, please",
    content: [
      h("p", { class: "lead" }, "Too much was asked for at once. This page opens by itself."),
      retry(again),
    ],
  }),

  offline: (_, again) => ({
    title: "You are offline",
    content: [
      h("p", { class: "lead" }, "This page will open as soon as you are connected again."),
      retry(again),
    ],
  }),

  unreachable: (_, again) => ({
    title: "We cannot reach our server",
    content: [
      h(
        "p",
        { class: "lead" },
        "The trouble is probably on our side, and we are sorry. This page opens by itself as " +
          "soon as we can be reached again.",
      ),
      retry(again),
    ],
  }),

  refused: () => PAGES.missing(),

  busy: ({ detail }, again) => ({
    title: "We will be right back",
    content: [
      h(
        "p",
        { class: "lead" },
        "Our server has more to do than it can, and asks for a little time. ",
        `This page opens by itself ${whenAgain(detail.wait_ms)}.`,
      ),
      retry(again),
    ],
  }),

  failed: (_, again) => ({
    title: "Something went wrong",
    content: [
      h(
        "p",
        { class: "lead" },
        "The page could not be shown. That is our mistake, not yours, and we are sorry. ",
        "It opens by itself as soon as it works again.",
      ),
      retry(again),
    ],
  }),
};

function whenAgain(wait_ms) {
  if (!wait_ms) return "in a moment";
  const minutes = Math.round(wait_ms / 60_000);
  return minutes < 1 ? "in less than a minute" : `in about ${count(minutes, "minute")}`;
}

function retry(again) {
  return h(
    "p",
    {},
    h("button", { class: "button", type: "button", onclick: again }, "Try again"),
  );
}

// Named by an object with type and slug, or by its address alone.
function replacement(given) {
  if (!given) return null;
  const address = typeof given === "string" ? given : (given.canonical_url ?? given.url ?? "");
  // One of ours is opened on this very site.
  const [own] = /(\/[a-z]{2,3}(-[A-Za-z0-9]+)*)?\/(articles|team|locations)\/[^/]+\/?$/.exec(address) ?? [];
  const href = given.slug && given.type ? pathOf(given.type, given) : (own ?? address);
  return h(
    "p",
    { class: "replacement" },
    h("span", { class: "line soft" }, "Read this instead"),
    h("a", { href }, given.title ?? given.name ?? "The page that replaces it", icon("arrow")),
  );
}

function help({ practice, location }) {
  const phones = practice.phone ? [{ e164: practice.phone, kind: "main" }] : [];
  const place = location ?? { phones };
  const ways = placeActions(place).filter(Boolean);
  if (!ways.length) return null;
  return h(
    "section",
    { class: "next-step" },
    h("h2", {}, "Need to reach us?"),
    h("p", {}, siteName({ practice, location })),
    location && openLine(location),
    h("div", { class: "actions" }, ways),
  );
}
