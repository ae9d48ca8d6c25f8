// The read API over HTTP. Answers carry `Cache-Control: no-cache` and an ETag, and are asked
// for in the same spirit: the browser keeps its copy and the server says "unchanged".

const TIMEOUT_MS = 15_000;
const PREVIEW_PROBLEMS = { 404: "closed", 410: "closed", 429: "busy" };
// Whoever sent a longer one is asked again all the same: readers are waiting.
const LONGEST_WAIT_MS = 3_600_000;
let base = "";
let channel;
// What is on its way.
const asked = new Set();

/** A request that did not bring a document; `kind` says which page to show instead. */
export class Problem extends Error {
  constructor(kind, detail = {}) {
    super(detail.title ?? kind);
    // offline | unreachable | missing | refused | withdrawn | closed | busy | failed
    this.kind = kind;
    this.detail = detail;
  }
}

/** Reads where the API is; called once, before anything else. */
export async function configure() {
  const config = JSON.parse((await reach("/config.json")).text);
  base = config.api.replace(/\/$/, "");
  channel = config.channel;
  return config;
}

/** The JSON at `path` below the API's base; throws a Problem. */
export async function read(path, parameters = {}) {
  const query = new URLSearchParams(
    Object.entries({ ...parameters, channel }).filter(([, value]) => value !== undefined && value !== ""),
  ).toString();
  const url = `${base}/${path}${query && `?${query}`}`;
  const { response, text } = await reach(url, { headers: { Accept: "application/json" } });
  if (response.ok) return JSON.parse(text);
  const detail = detailIn(text);
  const wait_ms = waitIn(response.headers.get("Retry-After"));
  throw new Problem(kindOf(response.status), { ...detail, status: response.status, wait_ms });
}

/** Every result of a short collection, in full. */
export async function readAll(collection) {
  return (await read(`${collection}/`, { fields: "*", limit: 100 })).results;
}

/** One document by slug, in the language that the address names, else in the API's own. */
export function readOne(collection, slug, locale) {
  return read(`${collection}/${encodeURIComponent(slug)}/`, { locale });
}

/** What the server that keeps the drafts tells whoever has the key to one. */
export async function readPreview(key) {
  // In a header: addresses are written into logs.
  const { response, text } = await reach(new URL("/preview/", base), {
    headers: { Authorization: `Bearer ${printable(key)}` },
    referrerPolicy: "no-referrer",
  });
  if (response.ok) return JSON.parse(text);
  const detail = detailIn(text);
  throw new Problem(PREVIEW_PROBLEMS[response.status] ?? "failed", detail);
}

/**
 * Hangs up on all that has not been answered: what a page that is left was waiting for would
 * keep the next one waiting, since a browser asks for an address once at a time.
 */
export function hangUp() {
  for (const controller of asked) controller.abort();
}

async function reach(url, options = {}) {
  const controller = new AbortController();
  asked.add(controller);
  const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
  try {
    const { signal } = controller;
    const response = await fetch(url, { ...options, cache: "no-cache", signal });
    // Who has begun to answer has the time that a slow line takes.
    clearTimeout(timer);
    return { response, text: await response.text() };
  } catch {
    throw new Problem(navigator.onLine ? "unreachable" : "offline");
  } finally {
    clearTimeout(timer);
    asked.delete(controller);
  }
}

// What the server says of a refusal, if it is one of the API's.
function detailIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

// A header takes no other characters, and a key has none.
function printable(text) {
  return text.replace(/[^\x21-\x7e]/g, "");
}

function kindOf(status) {
  const kinds = { 400: "refused", 404: "missing", 410: "withdrawn", 429: "busy", 503: "busy" };
  return kinds[status] ?? "failed";
}

/**
 * How long to leave the server alone, from `Retry-After`: seconds, or a date (RFC 9110,
 * 10.2.3). 0 for what is neither, or past.
 */
export function waitIn(text, now = Date.now()) {
  const seconds = /^\s*\d+\s*$/.test(text ?? "") ? Number(text) : NaN;
  const wait_ms = Number.isNaN(seconds) ? Date.parse(text ?? "") - now : seconds * 1_000;
  return Math.min(LONGEST_WAIT_MS, Math.max(0, wait_ms || 0));
}
