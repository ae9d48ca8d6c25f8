// <clinic-article-feed>: a clinic's newest articles on somebody else's page.
//
//   <script type="module" src="https://cms.example/embed/v1/clinic-feed.js"></script>
//   <clinic-article-feed limit="4"><a href="https://clinic.example">Our clinic</a></clinic-article-feed>
//
// What is inside of the element stands there until the articles have come, and where no
// script runs. Font and colour are those of the page around; `::part()` and the custom
// properties --clinic-gap and --clinic-line change the rest. No cookies, nothing stored,
// nothing asked of anybody but the clinic.

const API = new URL("/api/v1/", import.meta.url);
const ASK_AGAIN_MS = 60_000;
const MOST = 20;
const WORDS = {
  en: {
    empty: "There are no articles at the moment.",
    failed: "The articles cannot be fetched at the moment.",
    from: "From",
  },
  es: {
    empty: "No hay artículos por el momento.",
    failed: "Los artículos no están disponibles por el momento.",
    from: "De",
  },
};
const FILTERS = ["channel", "category", "tag", "author", "location", "locale"];

const style = new CSSStyleSheet();
style.replaceSync(`
  :host { display: block; }
  :host([hidden]) { display: none; }
  ul { list-style: none; margin: 0; padding: 0; }
  li { padding-block: var(--clinic-gap, 1em); }
  li + li { border-top: var(--clinic-line, 1px solid color-mix(in srgb, currentcolor 25%, transparent)); }
  h2, h3, h4, h5, h6 { font: inherit; font-size: 1.15em; font-weight: 700; margin: 0; }
  a { color: inherit; }
  p { margin: 0.3em 0 0; }
  .source { font-size: 0.9em; }
`);

class ClinicArticleFeed extends HTMLElement {
  static observedAttributes = ["limit", "link", "heading", "lang", ...FILTERS];

  #root = this.attachShadow({ mode: "open" });
  #content = document.createElement("div");
  #turn = 0;
  #seen = "";
  #timer = 0;
  #refresh = () => document.visibilityState === "visible" && this.#load();

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [style];
    // Until there is something to show, what the page has inside of the element.
    this.#content.append(document.createElement("slot"));
    this.#root.append(this.#content);
  }

  connectedCallback() {
    this.#timer = setInterval(this.#refresh, ASK_AGAIN_MS);
    addEventListener("focus", this.#refresh);
    addEventListener("online", this.#refresh);
    this.#load();
  }

  disconnectedCallback() {
    // An answer that is still on its way finds nobody.
    this.#turn += 1;
    clearInterval(this.#timer);
    removeEventListener("focus", this.#refresh);
    removeEventListener("online", this.#refresh);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#load();
  }

  async #load() {
    this.#turn += 1;
    const mine = this.#turn;
    try {
      const [list, practice] = await Promise.all([ask(this.#address()), ask("practice/")]);
      if (mine === this.#turn) this.#show(list.results, practice);
    } catch (error) {
      if (mine === this.#turn) this.#fail(error);
    }
  }

  #address() {
    const limit = Math.min(MOST, Math.max(1, Number.parseInt(this.getAttribute("limit")) || 5));
    const query = new URLSearchParams({ limit });
    for (const name of FILTERS) {
      if (this.hasAttribute(name)) query.set(name, this.getAttribute(name));
    }
    return `articles/?${query}`;
  }

  #show(articles, practice) {
    const now = JSON.stringify([articles, practice.name, this.getAttribute("link")]);
    if (now === this.#seen) return;
    this.#seen = now;
    const items = articles.map((article) => this.#item(article, practice));
    const list = el("ul", { part: "list" }, items);
    this.#content.replaceChildren(
      articles.length ? list : el("p", { part: "empty" }, this.#words.empty),
    );
    this.dispatchEvent(new CustomEvent("clinic-loaded", { detail: { count: items.length } }));
  }

  #item(article, practice) {
    const level = Math.min(6, Math.max(2, Number.parseInt(this.getAttribute("heading")) || 3));
    const from = `${this.#words.from} ${practice.name}`;
    return el("li", { lang: article.locale, dir: "auto", part: "item" }, [
      el(`h${level}`, { part: "title" }, [link(this.#open(article), article.title, "link")]),
      article.summary && el("p", { part: "summary" }, article.summary),
      el("p", { part: "source", class: "source" }, [
        article.byline && `${article.byline} · `,
        link(article.canonical_url, from, "attribution") ?? from,
      ]),
    ]);
  }

  // Where a click on the title leads: the original, or a page of the partner's own.
  #open({ slug, canonical_url: original }) {
    const own = this.getAttribute("link");
    return own ? own.replace("{slug}", encodeURIComponent(slug)) : original;
  }

  #fail(error) {
    // What is shown stays: it was the clinic's word a moment ago.
    if (!this.#seen) {
      const slot = document.createElement("slot");
      this.#content.replaceChildren(slot, el("p", { part: "error" }, this.#words.failed));
    }
    this.dispatchEvent(new CustomEvent("clinic-failed", { detail: { status: error.status } }));
  }

  get #words() {
    const language = this.closest("[lang]")?.lang || navigator.language;
    return WORDS[language.slice(0, 2)] ?? WORDS.en;
  }
}

async function ask(path) {
  const response = await fetch(new URL(path, API), {
    headers: { Accept: "application/json" },
    cache: "no-cache",
    credentials: "omit",
  });
  if (!response.ok) throw Object.assign(new Error("refused"), { status: response.status });
  return response.json();
}

// Strings become text: nothing that the API says is read as markup.
function el(name, attributes, children = []) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value) element.setAttribute(key, value);
  element.append(...[children].flat().filter(Boolean));
  return element;
}

function link(address, text, part) {
  try {
    const url = new URL(address, document.baseURI);
    const isWeb = url.protocol === "https:" || url.protocol === "http:";
    return isWeb ? el("a", { href: url.href, part }, text) : null;
  } catch {
    return null;
  }
}

if (!customElements.get("clinic-article-feed")) {
  customElements.define("clinic-article-feed", ClinicArticleFeed);
}
