"""Addresses of the studio."""

from django.urls import path, re_path

from hangbiao.rooms.studio import pages

app_name = "studio"
urlpatterns = [
    path("admin/keys/", pages.keys, name="keys"),
    path("admin/keys/<str:prefix>/revoke/", pages.revoke, name="revoke"),
    path("admin/webhooks/", pages.webhooks, name="webhooks"),
    path("admin/webhooks/stuck/", pages.try_stuck, name="stuck"),
    path("admin/webhooks/<int:subscription>/", pages.webhook, name="webhook"),
    re_path(
        r"^admin/webhooks/(?P<subscription>\d{1,12})/(?P<what>secret|end|again)/$", pages.change, name="webhook_change"
    ),
]
