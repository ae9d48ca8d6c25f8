const ELEMENTS = { "clinic-article-feed": ClinicArticleFeed, "clinic-article": ClinicArticle };
for (const [name, element] of Object.entries(ELEMENTS)) {
  if (!customElements.get(name)) customElements.define(name, element);
}
