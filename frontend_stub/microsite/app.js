// Starts the site: reads where the API is, opens the address, and from then on takes over
// links, history, and the question whether what is shown is still true.
//
// Fresh content: every visit, every return to the tab and every regained connection asks the
// API again, and a page that stays in view asks every 30 seconds. The API answers "unchanged"
// to almost all of these, so they cost a few hundred bytes each.

import { configure } from "./api.js";
import { tick } from "./opening.js";
import { open, revalidate, showProblem, shownAddress } from "./page.js";
import { setHome } from "./site.js";

const POLL_MS = 30_000;
const QUIET_MS = 2_000;
const SCROLL_NOTE_MS = 400;

let lastAsked = 0;
let scrollNote = 0;

async function start() {
  try {
    const config = await configure();
    setHome(config.location, config.contact);
  } catch (problem) {
    showProblem(problem, start);
    return;
  }
  history.scrollRestoration = "manual";
  document.addEventListener("click", followLink);
  document.addEventListener("submit", followForm);
  addEventListener("popstate", goBack);
  addEventListener("scroll", noteScroll, { passive: true });
  addEventListener("focus", askOnce);
  addEventListener("online", () => revalidate({ withSite: true }));
  document.addEventListener("visibilitychange", askOnce);
  setInterval(poll, POLL_MS);
  await open({ scroll: history.state?.scroll });
}

function poll() {
  tick();
  if (document.visibilityState === "visible") revalidate();
}

// Coming back to a tab fires both events, and a click in it comes soon after.
function askOnce() {
  if (document.visibilityState !== "visible" || Date.now() - lastAsked < QUIET_MS) return;
  lastAsked = Date.now();
  tick();
  revalidate({ withSite: true });
}

function followLink(event) {
  const link = event.target.closest("a[href]");
  const isPlain =
    event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (
    !link ||
    !isPlain ||
    event.defaultPrevented ||
    link.target ||
    link.hasAttribute("download")
  ) {
    return;
  }
  const url = new URL(link.href);
  const isOtherSite = url.origin !== location.origin;
  // A link to a place on this page is the browser's own business.
  if (isOtherSite || (url.hash && samePage(url))) return;
  event.preventDefault();
  go(url);
}

function followForm(event) {
  const form = event.target;
  if (form.method !== "get") return;
  event.preventDefault();
  const url = new URL(form.action);
  const filled = [...new FormData(form)].filter(([, value]) => value.trim());
  url.search = new URLSearchParams(filled).toString();
  go(url);
}

function go(url) {
  clearTimeout(scrollNote);
  history.replaceState({ ...history.state, scroll: scrollY }, "");
  if (url.href === location.href) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  lastAsked = Date.now();
  open({ focus: true });
}

function goBack(event) {
  const scroll = event.state?.scroll;
  const isComing = document.querySelector("main[aria-busy]");
  const isShown = shownAddress() === location.pathname + location.search;
  if (isComing || !isShown) open({ focus: true, scroll });
  else if (scroll !== undefined) scrollTo(0, scroll);
}

function noteScroll() {
  clearTimeout(scrollNote);
  scrollNote = setTimeout(() => {
    history.replaceState({ ...history.state, scroll: scrollY }, "");
  }, SCROLL_NOTE_MS);
}

function samePage(url) {
  return url.pathname === location.pathname && url.search === location.search;
}

start();
