// <clinic-article>

class ClinicArticle extends ClinicElement {
  static observedAttributes = ["slug", "link", "heading", "lang", "head", "channel", "locale"];

  trouble = "failedOne";
  // The mark from which the reader has gone to a reference.
  #left = null;

  constructor() {
    super();
    this.shadowRoot.addEventListener("click", (event) => this.#follow(event));
  }

  get path() {
    const slug = this.getAttribute("slug");
    return slug && `articles/${encodeURIComponent(slug)}/?${this.query(["channel", "locale"])}`;
  }

  nodes(article) {
    this.#tell(article.indexing);
    const language = speaking(article.locale, this.language);
    const say = (name, parts) => said(language, name, parts);
    const texts = written(article.locale);
    const top = this.level(2, 1, 4);
    const body = new Body(top, say).nodes(article.body ?? []);
    const title = { ...texts, class: "title", part: "title", tabindex: -1 };
    return [
      el("article", { lang: language, dir: "ltr", class: "article", part: "article" }, [
        el(`h${top}`, title, article.title),
        article.summary &&
          el("p", { ...texts, class: "summary", part: "summary" }, article.summary),
        this.#facts(article, say, language),
        el("div", { ...texts, class: "text", part: "text" }, [
          shownPicture(article.image, "", say),
          body.length
            ? body
            : el("p", {}, link(article.canonical_url, say("whole"), "original")),
        ]),
        references(article, texts, top, say),
        corrections(article, top, say, language),
        ending(article, say),
      ]),
    ];
  }

  told({ id, slug, locale, title, canonical_url, indexing }) {
    return { id, slug, locale, title, canonical_url, indexing };
  }

  missing({ status, problem }) {
    this.#tell({ robots: "noindex" });
    const attributes = { class: "title", part: "title", tabindex: -1 };
    const heading = (name) => el(`h${this.level(2, 1, 4)}`, attributes, this.say(name));
    if (status === 404) return [heading("missing")];
    const isUnsafe = problem.kind === "withdrawn";
    const { reason, withdrawn_at: at, replacement } = problem;
    const instead = replacement?.url ?? replacement;
    const slug = /\/articles\/([^/]+)\/?$/.exec(instead)?.[1];
    const since = at && el("p", {}, this.say("since", { day: day(at, this.language) }));
    return [
      heading(isUnsafe ? "withdrawn" : "ended"),
      (reason || isUnsafe) && el("p", { part: "reason" }, reason || this.say("distrust")),
      since,
      instead && el("p", {}, link(this.opening(slug, instead), this.say("instead"), "replacement")),
    ].filter(Boolean);
  }

  #facts({ byline, reviewers, last_reviewed_on: on, attribution, canonical_url }, say, language) {
    const from = say("from", { who: attribution.publisher });
    const reviews = (reviewers ?? []).map((person) => {
      const when = person.reviewed_on && day(person.reviewed_on, language);
      const parts = { who: person.byline, day: when };
      return el("p", { part: "review" }, say(when ? "reviewed" : "reviewedBy", parts));
    });
    const last = on && say("reviewedOn", { day: day(on, language) });
    return el("div", { class: "facts", part: "facts" }, [
      byline && el("p", { part: "byline" }, el("strong", {}, say("by", { who: byline }))),
      reviews.length ? reviews : last && el("p", { part: "review" }, last),
      el("p", { part: "source" }, link(canonical_url, from, "attribution") ?? from),
    ]);
  }

  // The marks in a text lead to its references and back, which no address of the page
  // could do: it does not see into the element.
  #follow(event) {
    const href = event.target.closest("a")?.getAttribute("href");
    if (!href?.startsWith("#")) return;
    event.preventDefault();
    const number = href.slice("#ref-".length);
    const isBack = event.target.closest(".back");
    const target = isBack
      ? (this.#left?.isConnected && this.#left) || this.shadowRoot.querySelector(`.mark[href="${href}"]`)
      : this.shadowRoot.getElementById(`ref-${number}`);
    if (!isBack) this.#left = event.target;
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: "center" });
  }

  // What search engines are to know of this copy, where the page leaves that to us.
  #tell({ canonical, robots }) {
    if (!this.hasAttribute("head")) return;
    mark("link", "rel", "canonical", "href", canonical);
    mark("meta", "name", "robots", "content", robots);
  }
}

function mark(tag, key, name, attribute, value) {
  const found = document.head.querySelector(`${tag}[${key}="${name}"]`);
  if (!value) found?.remove();
  else if (found) found.setAttribute(attribute, value);
  else document.head.append(el(tag, { [key]: name, [attribute]: value }));
}

const BLOCKS = new Set("text heading image quote callout video table exercise faq".split(" "));

/** The blocks of a body, each as the kind of thing that it is. */
class Body {
  #top;
  #say;
  #level = 1;

  constructor(top, say) {
    this.#top = top;
    this.#say = say;
  }

  nodes(blocks) {
    // A kind that is younger than this page is left out, and the text goes on.
    return blocks.flatMap(({ type, value }) => (BLOCKS.has(type) && this[type](value)) || []);
  }

  text({ html }) {
    return [...rich(html).childNodes];
  }

  heading({ text, level }) {
    this.#level = level;
    return this.#heading(level, text);
  }

  image({ image, caption }) {
    return shownPicture(image, caption, this.#say);
  }

  quote({ text, attribution }) {
    const source = attribution && el("cite", {}, attribution);
    return el("blockquote", { part: "quote" }, [el("p", {}, text), source]);
  }

  callout({ kind, title, html }) {
    const isUrgent = kind === "seek-care";
    const part = isUrgent ? "callout seek-care" : "callout";
    return el("aside", { "aria-label": title, class: isUrgent && "seek-care", part }, [
      this.#heading(this.#level + 1, title),
      ...rich(html).childNodes,
    ]);
  }

  video({ url, title, transcript }) {
    const note = transcript && el("figcaption", {}, transcript);
    return el("figure", { part: "video" }, [link(url, title, "link") ?? title, note]);
  }

  table({ caption, header, rows, first_column_is_header: isNamed }) {
    const named = (scope) => (text) => el("th", { scope }, text);
    const cell = (text, column) => (isNamed && !column ? named("row")(text) : el("td", {}, text));
    const region = { role: "region", tabindex: 0, "aria-label": caption || this.#say("table") };
    return el("div", { ...region, class: "scrolls", part: "table" }, [
      el("table", {}, [
        caption && el("caption", {}, caption),
        header && el("thead", {}, el("tr", {}, header.map(named("col")))),
        el("tbody", {}, rows.map((row) => el("tr", {}, row.map(cell)))),
      ]),
    ]);
  }

  exercise({ title, intro, image, steps, dosage }) {
    return el("section", { class: "exercise", part: "exercise" }, [
      this.#heading(this.#level + 1, title),
      intro && el("p", {}, intro),
      shownPicture(image, "", this.#say),
      el("ol", {}, steps.map((step) => el("li", {}, step))),
      dosage && el("p", {}, el("strong", {}, dosage)),
    ]);
  }

  faq({ items }) {
    const parts = items.map(({ question, answer_html: answer }) => [
      this.#heading(this.#level + 1, question),
      el("div", {}, [...rich(answer).childNodes]),
    ]);
    return el("section", { part: "faq" }, parts);
  }

  // The API counts from 2, below the title; here the title may stand deeper.
  #heading(level, text) {
    const minor = level > 2 && "minor";
    return el(`h${Math.min(6, level + this.#top - 1)}`, { class: minor, part: "heading" }, text);
  }
}

function shownPicture(image, caption, say) {
  const shown = picture(image);
  if (!shown) return null;
  const credit = image.credit && say("picture", { who: image.credit });
  const note = [caption, credit].filter(Boolean).join(" ");
  return el("figure", { part: "figure" }, [shown, note && el("figcaption", {}, note)]);
}

function references({ references: list }, texts, top, say) {
  if (!list?.length) return null;
  const items = list.map(({ number, html, text }) => {
    const back = { href: `#ref-${number}`, class: "back", "aria-label": say("back") };
    const what = html ? [...rich(html).childNodes] : text;
    return el("li", { id: `ref-${number}`, value: number, tabindex: -1, ...texts }, [
      what,
      " ",
      el("a", back, "↩"),
    ]);
  });
  return el("section", { class: "references", part: "references" }, [
    el(`h${top + 1}`, { part: "heading" }, say("references")),
    el("ol", {}, items),
  ]);
}

function corrections({ corrections: list }, top, say, language) {
  if (!list?.length) return null;
  const items = list.map(({ date, note }) =>
    el("li", {}, say("correction", { day: day(date, language), note })),
  );
  return el("section", { class: "corrections", part: "corrections" }, [
    el(`h${top + 1}`, { part: "heading" }, say("corrected")),
    el("ul", {}, items),
  ]);
}

/** The line that stands with every text: whose it is, where it lives, and what it is not. */
function ending({ attribution, canonical_url: original }, say) {
  const { text, license } = attribution;
  return el("div", { class: "ending", part: "ending" }, [
    el("p", { part: "attribution" }, [
      `${text}. `,
      link(original, say("original"), "original"),
      license?.name && [". ", say("terms")],
      license?.name && (license.url ? link(license.url, license.name) : license.name),
    ]),
    el("p", { part: "disclaimer" }, say("disclaimer")),
  ]);
}
