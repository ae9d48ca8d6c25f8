// The newspaper's own page: the front page, and the health column that the clinic fills.

import { articleView, ask, day, el, feedList, loadFeed } from "./clinic.js";

const POLL_MS = 30_000;
const WAIT_MS = 150;
const COLUMN_LENGTH = 20;
const NAME = "The Shore Gazette";

const front = document.getElementById("front");
const column = document.getElementById("column");
const status = document.getElementById("status");

let api = "";
let turn = 0;
let seen = "";

async function start() {
  document.getElementById("today").textContent = new Intl.DateTimeFormat("en", {
    dateStyle: "full",
  }).format();
  api = (await (await fetch("/config.json")).json()).api;
  document.addEventListener("click", followLink);
  addEventListener("popstate", () => show({ move: true }));
  addEventListener("focus", refresh);
  addEventListener("online", refresh);
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, POLL_MS);
  await show({});
}

function refresh() {
  if (document.visibilityState === "visible") show({ quiet: true });
}

/** Shows the address; `quiet` only redraws what has changed and keeps the reader's place. */
async function show({ move = false, quiet = false }) {
  turn += 1;
  const mine = turn;
  const place = placeOf(location.pathname);
  const target = column;
  if (!quiet) turnTo(place.page, move);
  if (place.page === "front") {
    // The lines from the clinic fill the front page by themselves.
    describe({});
    if (move) arrive(front);
    return;
  }
  if (place.page === "missing") {
    if (!quiet) drawMissing(move);
    return;
  }
  const waiting = quiet ? 0 : setTimeout(() => target.replaceChildren(bones()), WAIT_MS);
  try {
    const loaded = await load(place);
    if (mine === turn) draw(target, place, loaded, { move, quiet });
  } catch (error) {
    if (mine === turn) drawProblem(target, error, { move, quiet });
  } finally {
    clearTimeout(waiting);
  }
}

function placeOf(path) {
  const [, slug] = /^\/health\/([^/]+)\/?$/.exec(path) ?? [];
  if (slug) return { page: "article", slug };
  if (/^\/health\/?$/.test(path)) return { page: "health" };
  return { page: path === "/" ? "front" : "missing" };
}

async function load({ page, slug }) {
  if (page !== "article") return loadFeed(api, COLUMN_LENGTH);
  const [article, practice] = await Promise.all([
    ask(api, `articles/${slug}/`),
    ask(api, "practice/"),
  ]);
  return { article, practice };
}

function draw(target, { page }, loaded, { move, quiet }) {
  const now = JSON.stringify([page, loaded]);
  if (quiet && now === seen) return;
  seen = now;
  const { article, practice } = loaded;
  if (page === "article") target.replaceChildren(articleView(article, practice));
  else {
    const list = feedList(loaded, ({ slug }) => `/health/${encodeURIComponent(slug)}/`, "h2");
    target.replaceChildren(el("h1", { tabindex: "-1" }, "Health"), list);
  }
  describe(article ?? { title: "Health" });
  if (move) arrive(target);
}

// The clinic says for each article whether search engines may list this copy.
function describe({ title, indexing }) {
  document.title = title ? `${title} – ${NAME}` : NAME;
  mark("meta", "name", "robots", "content", indexing?.robots);
  mark("link", "rel", "canonical", "href", indexing?.canonical);
}

function drawMissing(move) {
  seen = "";
  const title = "There is no such page";
  column.replaceChildren(
    el("h1", { tabindex: "-1" }, title),
    el("p", {}, "The address may be mistyped, or the page may have gone."),
    el("p", {}, el("a", { href: "/" }, "Front page")),
    toColumn(),
  );
  describe({ title, indexing: { robots: "noindex" } });
  if (move) arrive(column);
}

function drawProblem(target, error, { move, quiet }) {
  const isGone = error.status === 410 || error.status === 404;
  // What is there stays there, as long as it is still the clinic's word.
  if (quiet && !isGone) return;
  seen = "";
  const again = el("button", { type: "button" }, "Try again");
  again.addEventListener("click", () => show({ move: true }));
  const [title, ...rest] = problemText(error, again);
  target.replaceChildren(el("h1", { tabindex: "-1" }, title), ...rest);
  describe({ title, indexing: { robots: "noindex" } });
  if (move) arrive(target);
}

function problemText({ status: code, problem }, again) {
  if (code === 410) {
    const isUnsafe = problem.kind === "withdrawn";
    const since = problem.withdrawn_at && el("p", {}, `Since ${day(problem.withdrawn_at)}.`);
    return [
      isUnsafe
        ? "The clinic has withdrawn this article"
        : "The clinic no longer offers this article",
      problem.reason || isUnsafe
        ? el("p", {}, problem.reason || "Please do not rely on it.")
        : "",
      since ?? "",
      instead(problem.replacement),
      toColumn(),
    ];
  }
  if (code === 404) return ["There is no such article", toColumn()];
  if (!navigator.onLine)
    return [
      "You are offline",
      el("p", {}, "The health column will be here when you are back."),
      again,
    ];
  return [
    "The health column cannot be fetched",
    el("p", {}, "The clinic’s server does not answer. The rest of the paper is fine."),
    again,
  ];
}

function instead(replacement) {
  const slug =
    replacement?.slug ??
    /\/articles\/([^/]+)\/?$/.exec(replacement?.url ?? replacement ?? "")?.[1];
  if (!slug) return "";
  const link = el(
    "a",
    { href: `/health/${encodeURIComponent(slug)}/` },
    replacement.title ?? "The newer article",
  );
  return el("p", {}, "Read this instead: ", link);
}

function toColumn() {
  return el("p", {}, el("a", { href: "/health/" }, "All health articles"));
}

function bones() {
  const lines = Array.from({ length: 6 }, () => el("div", { class: "bone" }));
  return el("div", { "aria-hidden": "true" }, ...lines);
}

function turnTo(page, move) {
  front.hidden = page !== "front";
  column.hidden = page === "front";
  if (move) scrollTo(0, 0);
  for (const link of document.querySelectorAll(".masthead nav a")) {
    const isHere =
      link.pathname === "/" ? page === "front" : page === "health" || page === "article";
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function arrive(target) {
  status.textContent = document.title;
  (target.querySelector("h1") ?? document.getElementById("content")).focus({
    preventScroll: true,
  });
}

function mark(tag, key, name, attribute, value) {
  document.head.querySelector(`${tag}[${key}="${name}"]`)?.remove();
  if (value) document.head.append(el(tag, { [key]: name, [attribute]: value }));
}

function followLink(event) {
  const link = event.target.closest("a[href]");
  const isPlain =
    event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || link.origin !== location.origin) return;
  if (link.hash && link.pathname === location.pathname) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  show({ move: true });
}

start();
