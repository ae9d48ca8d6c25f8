"""Where the rivals have what ours has."""

_EMBEDDED = (
    "authorships(author(slug,name,job_title,credentials(type(abbreviation)))),"
    "citations(reference(title,container_title,year,doi)),tags,thumbnail"
)
WAGTAIL_LIST = (
    "/v2/pages/?type=content_models.Article&order=-first_published_at&limit=20"
    f"&fields=summary,{_EMBEDDED}"
)
# Ranked, as it is without another order.
WAGTAIL_SEARCH = (
    "/v2/pages/?type=content_models.Article&search=bursitis&limit=20"
    f"&fields=summary,{_EMBEDDED}"
)
WAGTAIL_DETAIL = (
    "/v2/pages/?type=content_models.Article&slug=article-500&limit=1"
    f"&fields=summary,body,{_EMBEDDED}"
)
