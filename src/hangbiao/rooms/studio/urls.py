"""Addresses of the studio."""

from django.urls import path

from hangbiao.rooms.studio import pages

app_name = "studio"
urlpatterns = [
    path("admin/keys/", pages.keys, name="keys"),
    path("admin/keys/<str:prefix>/revoke/", pages.revoke, name="revoke"),
    path("admin/webhooks/", pages.webhooks, name="webhooks"),
    path("admin/webhooks/stuck/", pages.try_stuck, name="stuck"),
    path("admin/webhooks/<int:subscription>/", pages.webhook, name="webhook"),
    path("admin/webhooks/<int:subscription>/<slug:what>/", pages.change, name="webhook_change"),
]
