// The life of the page that is shown: load, wait, draw, stay true, fail well.

import { Problem, hangUp } from "./api.js";
import { fragment, h } from "./dom.js";
import { describe } from "./head.js";
import { match } from "./routes.js";
import { drawFooter, drawHeader, markCurrent } from "./shell.js";
import { knownSite, loadSite } from "./site.js";
import { skeleton } from "./skeletons.js";
import { problemPage } from "./views/problems.js";
import { siteName } from "./words.js";

const SKELETON_AFTER_MS = 150;
const LONG_AFTER_MS = 5_000;
const LONGEST_BREATH_MS = 100;
// How soon it is asked again whether what failed works now; twice as long each time.
const FIRST_AGAIN_MS = 2_000;
const LAST_AGAIN_MS = 30_000;
const GONE = new Set(["closed", "missing", "withdrawn"]);
const MAY_PASS = new Set(["busy", "failed", "offline", "unreachable"]);

const main = document.getElementById("page-main");
const status = document.getElementById("page-status");
const notice = document.getElementById("page-notice");

// Answers that come late are recognised by their turn and dropped.
let turn = 0;
// So are pieces of a page that was left or drawn anew meanwhile.
let drawing = 0;
let shown = null;
let again = 0;
let patience = FIRST_AGAIN_MS;
// Until then the server wants to be left alone by all but the reader.
let quietUntil = 0;

/** The path and query of the page in view. */
export function shownAddress() {
  return shown?.address;
}

/** Opens what the address bar says. `focus` after a link, `scroll` when coming back. */
export async function open({ focus = false, scroll } = {}) {
  turn += 1;
  // What is still to come of the page that is left stays away.
  drawing += 1;
  hangUp();
  const mine = turn;
  const visit = { ...arrive(), focus, scroll };
  const isMine = () => mine === turn;
  const waiting = setTimeout(() => isMine() && wait(visit), SKELETON_AFTER_MS);
  const long = setTimeout(() => isMine() && sayThatItTakesLong(), LONG_AFTER_MS);
  const hasCome = () => [waiting, long].forEach(clearTimeout);
  main.setAttribute("aria-busy", "true");
  markCurrent(location.pathname);
  try {
    const loaded = await load(visit, { fresh: true }).finally(hasCome);
    if (isMine()) await draw(visit, loaded);
  } catch (error) {
    if (isMine()) drawProblem(visit, asProblem(error));
  } finally {
    if (isMine()) main.removeAttribute("aria-busy");
  }
}

/**
 * Asks whether what is shown is still so, and redraws in place if it is not. Not while the
 * server wants to be left alone, unless `isWanted` by the reader.
 */
export async function revalidate({ withSite = false, isWanted = false } = {}) {
  // Nothing is pulled from under someone who is typing.
  if (
    !shown ||
    (Date.now() < quietUntil && !isWanted) ||
    main.hasAttribute("aria-busy") ||
    document.activeElement?.matches("input, select")
  ) {
    return;
  }
  const mine = turn;
  const visit = { ...shown.visit, focus: false, scroll: undefined };
  try {
    const loaded = await load(visit, { fresh: withSite || Boolean(shown.problem) });
    if (mine !== turn) return;
    quietUntil = 0;
    setNotice("");
    if (signature(loaded) !== shown.signature) await redraw(visit, loaded);
  } catch (error) {
    if (mine !== turn) return;
    const problem = asProblem(error);
    if (shown.problem === problem.kind) {
      askAgain(problem);
      return;
    }
    if (GONE.has(problem.kind) || shown.problem) drawProblem(visit, problem);
    else setNotice(staleSentence(problem));
  }
}

/** Shows a problem from before the first page could be opened. */
export function showProblem(error, again) {
  drawProblem({ address: location.pathname + location.search, again }, asProblem(error));
}

function arrive() {
  const route = match(location.pathname);
  if (route && route.path !== location.pathname) {
    history.replaceState(history.state, "", route.path + location.search + location.hash);
  }
  const address = location.pathname + location.search;
  return { ...route, address, query: new URLSearchParams(location.search), again: retry };
}

function retry() {
  open({ focus: true });
}

async function load(visit, { fresh }) {
  const site = loadSite({ fresh });
  try {
    if (!visit.view) throw new Problem("missing");
    const [data, around] = await Promise.all([visit.view.load({ ...visit, site }), site]);
    return { data, site: around };
  } catch (error) {
    // A page that cannot be shown still gets the clinic's name and phone number around it.
    await site.catch(() => null);
    throw error;
  }
}

function wait(visit) {
  if (visit.scroll === undefined) scrollTo(0, 0);
  main.replaceChildren(skeleton(visit.view?.skeleton));
  status.textContent = "Loading…";
}

function sayThatItTakesLong() {
  drawHeader(knownSite());
  drawFooter(knownSite());
  setNotice("This takes longer than usual.");
}

async function draw(visit, { data, site }) {
  const page = visit.view.render({ ...visit, data, site });
  if (page.path && page.path !== location.pathname) {
    history.replaceState(history.state, "", page.path + location.search + location.hash);
    visit.address = page.path + location.search;
  }
  patience = FIRST_AGAIN_MS;
  quietUntil = 0;
  const before = shown;
  shown = { visit, address: visit.address, signature: signature({ data, site }) };
  setNotice("");
  try {
    await put(visit, page, site);
  } catch (error) {
    // It is not what is in view, so it is tried again.
    shown = before;
    throw error;
  }
}

async function redraw(visit, loaded) {
  const top = scrollY;
  const wasInside = main.contains(document.activeElement);
  const href = document.activeElement?.getAttribute("href");
  await draw({ ...visit, isRedraw: true }, loaded);
  scrollTo(0, top);
  if (wasInside) {
    const same = href && main.querySelector(`a[href="${CSS.escape(href)}"]`);
    (same || main).focus({ preventScroll: true });
  }
  status.textContent = "This page was updated.";
}

function drawProblem(visit, problem) {
  const site = knownSite();
  shown = { visit, address: visit.address, problem: problem.kind };
  setNotice("");
  put(visit, problemPage(problem, { site, again: visit.again }), site);
  askAgain(problem);
}

// What may pass is asked for again without anybody pressing a button.
function askAgain({ kind, detail }) {
  clearTimeout(again);
  if (!MAY_PASS.has(kind)) return;
  const wait_ms = Math.max(patience, detail.wait_ms ?? 0);
  again = setTimeout(() => shown?.problem && revalidate({ withSite: true }), wait_ms);
  patience = Math.min(LAST_AGAIN_MS, patience * 2);
}

async function put(visit, page, site) {
  const { hash } = location;
  const pieces = [page.content, () => drawFooter(site)].flat(Infinity).filter(Boolean);
  const first = pieces.findIndex((piece) => typeof piece === "function");
  const later = needsAll(visit) ? [] : pieces.splice(first);
  const begun = fragment(pieces);
  const name = siteName(site);
  describe({ ...page, title: [page.title, name].filter(Boolean).join(" – ") || "Clinic" });
  drawHeader(site);
  // Not before, so that a page that fails leaves the one in view to be finished.
  drawing += 1;
  const mine = drawing;
  main.replaceChildren(begun);
  main.removeAttribute("aria-busy");
  if (!visit.isRedraw) place(visit);
  for (const piece of later) {
    await breath();
    if (mine !== drawing) return;
    main.append(fragment(piece));
  }
  // Who has followed a link to a part that was still to come is brought there.
  if (location.hash !== hash) target()?.scrollIntoView();
}

// Where something far down is wanted at once.
function needsAll({ isRedraw, scroll }) {
  return isRedraw || scroll !== undefined || location.hash !== "";
}

// Until what there is has been shown, and a touch been answered; a page in the background is
// not shown, and goes on all the same.
function breath() {
  return new Promise((resume) => {
    requestAnimationFrame(() => setTimeout(resume));
    setTimeout(resume, LONGEST_BREATH_MS);
  });
}

function target() {
  return location.hash ? document.getElementById(location.hash.slice(1)) : null;
}

function place({ focus, scroll }) {
  if (scroll !== undefined) scrollTo(0, scroll);
  else if (target()) target().scrollIntoView();
  else scrollTo(0, 0);
  status.textContent = focus ? document.title : "";
  if (!focus) return;
  const field = main.querySelector("[data-first]");
  const heading = main.querySelector("h1") ?? main;
  if (!field) heading.tabIndex = -1;
  (field ?? heading).focus({ preventScroll: true });
}

// What is in view, or what is still awaited.
function tryAgain() {
  if (main.hasAttribute("aria-busy")) retry();
  else revalidate({ isWanted: true });
}

function setNotice(sentence) {
  const again = h("button", { type: "button", onclick: tryAgain }, "Try again");
  notice.hidden = !sentence;
  notice.replaceChildren(...(sentence ? [sentence, " ", again] : []));
}

function staleSentence(problem) {
  return problem.kind === "offline"
    ? "You are offline. This page may not be the newest version."
    : "We cannot reach the clinic’s server. This page may not be the newest version.";
}

function signature(loaded) {
  return JSON.stringify(loaded);
}

function asProblem(error) {
  if (error instanceof Problem) return heed(error);
  // A mistake of ours: the reader gets a page that says so, the console the place.
  console.error(error);
  return new Problem("failed");
}

function heed(problem) {
  quietUntil = Date.now() + (problem.detail.wait_ms ?? 0);
  return problem;
}
