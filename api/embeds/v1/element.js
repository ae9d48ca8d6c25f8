// What both elements do: ask, show, ask again, and say what is wrong.

const ASK_AGAIN_MS = 60_000;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 300_000;
const LONG_MS = 3_000;
const PATIENCE_MS = 20_000;
const OCCASIONS = ["focus", "online", "visibilitychange"];

class ClinicElement extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });
  #content = el("div", { part: "content" }, document.createElement("slot"));
  #notice = el("div", { class: "notice", part: "notice", role: "status" });
  #asking = null;
  #timer = 0;
  #failures = 0;
  // Until then the server has asked to be left alone.
  #notBefore = 0;
  #seen = "";
  // An element that is upgraded in its page hears of its attributes before of its place.
  #isPlaced = false;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [style];
    this.#root.append(el("div", { class: "all" }, [this.#content, this.#notice]));
  }

  connectedCallback() {
    this.#isPlaced = true;
    for (const occasion of OCCASIONS) addEventListener(occasion, this.#refresh, true);
    this.#load();
  }

  disconnectedCallback() {
    this.#isPlaced = false;
    for (const occasion of OCCASIONS) removeEventListener(occasion, this.#refresh, true);
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#isPlaced || before === after) return;
    // Something else is asked for: what is there answers it no longer.
    this.#replace([document.createElement("slot")], []);
    this.#seen = "";
    this.#load();
  }

  #refresh = () => {
    if (document.visibilityState === "visible" && Date.now() >= this.#notBefore) this.#load();
  };

  async #load() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
    const path = this.path;
    if (!path) return;
    const asking = (this.#asking = new AbortController());
    const patience = setTimeout(() => asking.abort(), PATIENCE_MS);
    const long = setTimeout(() => this.#comfort(), LONG_MS);
    try {
      const answer = await ask(path, asking.signal);
      // One that is still on its way finds nobody where something else was asked for.
      if (asking === this.#asking) this.#show(answer);
    } catch (error) {
      if (asking === this.#asking) this.#fail(error);
    } finally {
      clearTimeout(patience);
      clearTimeout(long);
    }
  }

  #show(answer) {
    this.#settle();
    const now = JSON.stringify(answer);
    if (now === this.#seen) return this.#notice.replaceChildren();
    const nodes = this.nodes(answer);
    this.#seen = now;
    this.#replace(nodes, []);
    this.#send("clinic-loaded", this.told(answer));
  }

  // What is gone is not shown any longer, nor what the page has in its place: that may be
  // the old text.
  #miss(error) {
    this.#settle();
    const now = JSON.stringify([error.status, error.problem]);
    if (now === this.#seen) return;
    this.#seen = now;
    this.#replace([], this.missing(error));
    this.#send("clinic-gone", { ...error.problem, status: error.status });
  }

  #fail(error) {
    const { status = 0, retryAfterMs = 0 } = error;
    if (this.missing && (status === 404 || status === 410)) return this.#miss(error);
    // With some chance in it, so that not every reader comes back in the same moment.
    const spread = 0.75 + Math.random() / 2;
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures * spread);
    this.#failures += 1;
    this.#notBefore = Date.now() + retryAfterMs;
    // A timer may be early by a moment.
    this.#again(Math.max(wait, retryAfterMs + 100));
    // What is shown stays: it was the clinic's word a moment ago.
    if (!this.#seen) this.#excuse(retryAfterMs > 0);
    this.#send("clinic-failed", { status });
  }

  #excuse(mustWait) {
    // Whoever has the focus on the button keeps it.
    if (this.#notice.querySelector("button") && !mustWait) return;
    const button = el("button", { type: "button", part: "retry" }, this.say("again"));
    button.addEventListener("click", this.#refresh);
    const sentence = el("p", { part: "error" }, this.say(this.trouble));
    this.#notice.replaceChildren(sentence, mustWait ? "" : button);
  }

  #comfort() {
    const isBlank = !this.#seen && !this.#notice.hasChildNodes();
    if (isBlank) this.#notice.append(el("p", { part: "slow" }, this.say("slow")));
  }

  #settle() {
    this.#failures = 0;
    this.#again(ASK_AGAIN_MS);
  }

  #again(wait) {
    this.#timer = setTimeout(this.#refresh, wait);
  }

  // Who has the focus in what goes finds it at the beginning of what comes.
  #replace(content, notice) {
    const hadFocus = this.#root.activeElement;
    this.#content.replaceChildren(...content);
    this.#notice.replaceChildren(...notice);
    if (hadFocus) this.#root.querySelector("[tabindex='-1'], a")?.focus({ preventScroll: true });
  }

  #send(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  /** The language in which the element itself speaks on this page. */
  get language() {
    return speaking(this.closest("[lang]")?.lang, navigator.language);
  }

  say(name, parts) {
    return said(this.language, name, parts);
  }

  /** A level of headings within bounds. */
  level(otherwise, highest, lowest) {
    const wanted = Number.parseInt(this.getAttribute("heading")) || otherwise;
    return Math.min(lowest, Math.max(highest, wanted));
  }

  /** Where a click on an article leads: the original, or a page of the partner's own. */
  opening(slug, original) {
    const own = this.getAttribute("link");
    return own && slug ? own.replace("{slug}", encodeURIComponent(slug)) : original;
  }

  /** The parameters of the API among the attributes. */
  query(names, parameters = {}) {
    const query = new URLSearchParams(parameters);
    for (const name of names) {
      if (this.hasAttribute(name)) query.set(name, this.getAttribute(name));
    }
    return query;
  }
}

/** Asks the API; what is no answer becomes an Error with its status, 0 without any. */
async function ask(path, signal) {
  const options = { headers: { Accept: "application/json" }, cache: "no-cache", signal };
  const response = await fetch(new URL(path, API), { ...options, credentials: "omit" }).catch(
    () => null,
  );
  if (response?.ok) return response.json().catch(() => refuse(0, {}, null));
  return refuse(
    response?.status ?? 0,
    (await response?.json().catch(() => null)) ?? {},
    response?.headers.get("Retry-After"),
  );
}

function refuse(status, problem, retryAfter) {
  // In seconds, or a date. Source: RFC 9110, 10.2.3.
  const wait = /^\d+$/.test(retryAfter) ? retryAfter * 1000 : Date.parse(retryAfter) - Date.now();
  const retryAfterMs = wait > 0 ? Math.min(wait, 3_600_000) : 0;
  throw Object.assign(new Error("refused"), { status, problem, retryAfterMs });
}
