"""Every address of the house."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from hangbiao.site.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("hangbiao.engines.accounts.urls")),
    path("", include("hangbiao.engines.pages.urls")),
    path("", include("hangbiao.engines.api.urls")),
    path("", include("hangbiao.engines.notify.urls")),
    path("api/v1/", api.urls),
    path("", include("hangbiao.rooms.desk.urls")),
    path("", include("hangbiao.rooms.people.urls")),
    path("", include("hangbiao.rooms.reviews.urls")),
    path("", include("hangbiao.rooms.board.urls")),
    path("", include("hangbiao.rooms.actuals.urls")),
    path("", include("hangbiao.rooms.studio.urls")),
    path("", include("hangbiao.rooms.audit.urls")),
]
if settings.DEMO and find_spec("hangbiao.site.demo.urls"):
    urlpatterns.append(path("demo/", include("hangbiao.site.demo.urls")))

handler400 = "hangbiao.engines.pages.faults.bad_request"
handler403 = "hangbiao.engines.pages.faults.forbidden"
handler404 = "hangbiao.engines.pages.faults.not_found"
handler500 = "hangbiao.engines.pages.faults.server_error"
