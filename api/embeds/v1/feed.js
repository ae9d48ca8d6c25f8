// <clinic-article-feed>

const MOST = 20;
const FILTERS = ["channel", "category", "tag", "author", "location", "locale"];

class ClinicArticleFeed extends ClinicElement {
  static observedAttributes = ["limit", "link", "heading", "lang", ...FILTERS];

  trouble = "failed";

  get path() {
    const limit = Math.min(MOST, Math.max(1, Number.parseInt(this.getAttribute("limit")) || 5));
    return `articles/?${this.query(FILTERS, { limit })}`;
  }

  nodes({ results }) {
    if (!results.length) return [el("p", { part: "empty" }, this.say("empty"))];
    const items = results.map((article) => this.#item(article));
    return [el("ul", { part: "list", class: "list", role: "list" }, items)];
  }

  told({ results }) {
    return { count: results.length };
  }

  #item(article) {
    const { slug, locale, title, canonical_url: original, attribution } = article;
    const from = this.say("from", { who: attribution.publisher });
    return el("li", { ...written(locale), part: "item" }, [
      el(`h${this.level(3, 2, 6)}`, { part: "title" }, [
        link(this.opening(slug, original), title, "link") ?? title,
      ]),
      article.summary && el("p", { part: "summary" }, article.summary),
      el("p", { part: "source", class: "small" }, [
        article.byline && `${article.byline} · `,
        link(original, from, "attribution") ?? from,
      ]),
    ]);
  }
}
