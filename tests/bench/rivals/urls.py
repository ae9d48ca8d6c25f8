from django.urls import include, path
from rest_framework.routers import SimpleRouter

from .prefetched import Articles
from .wagtail_v2 import router as wagtail

router = SimpleRouter()
router.register("articles", Articles, basename="article")

urlpatterns = [
    path("v2/", wagtail.urls),
    path("drf/", include(router.urls)),
]
