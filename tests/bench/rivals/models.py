"""What a careful developer would keep besides, to search by."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from content_models.models import Article

from .searched import TABLE


class Searched(models.Model):
    """The words of an article's title and summary; `searched.store` makes the table."""

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, primary_key=True, related_name="searched"
    )
    vector = SearchVectorField()

    class Meta:
        app_label = "rivals"
        managed = False
        db_table = TABLE

    def __str__(self) -> str:
        return str(self.article_id)
