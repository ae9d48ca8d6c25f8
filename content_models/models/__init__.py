from .articles import (
    Article,
    ArticleAuthor,
    ArticleCategory,
    ArticleLocation,
    ArticleReference,
    ArticleReviewer,
    Correction,
)
from .authors import Author, AuthorLocation, Credential, CredentialType
from .awards import Affiliation, Award
from .locations import (
    HoursException,
    Location,
    LocationPhoto,
    OpeningHours,
    Phone,
    Service,
    Weekday,
)
from .media import FormerRendition, Image, Rendition
from .practice import Practice, Section
from .references import Reference, ReferenceAuthor
from .taxonomy import ArticleTag, Category, Tag
from .withdrawals import Urgency, Withdrawal, withdrawal_of

__all__ = [
    "Affiliation",
    "Article",
    "ArticleAuthor",
    "ArticleCategory",
    "ArticleLocation",
    "ArticleReference",
    "ArticleReviewer",
    "ArticleTag",
    "Author",
    "AuthorLocation",
    "Award",
    "Category",
    "Correction",
    "Credential",
    "CredentialType",
    "FormerRendition",
    "HoursException",
    "Image",
    "Location",
    "LocationPhoto",
    "OpeningHours",
    "Phone",
    "Practice",
    "Reference",
    "ReferenceAuthor",
    "Rendition",
    "Section",
    "Service",
    "Tag",
    "Urgency",
    "Weekday",
    "Withdrawal",
    "withdrawal_of",
]
