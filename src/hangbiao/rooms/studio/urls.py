"""Addresses of the studio."""

from django.urls import path

from hangbiao.rooms.studio import message_pages, pages

app_name = "studio"
urlpatterns = [
    path("admin/keys/", pages.keys, name="keys"),
    path("admin/keys/<str:prefix>/revoke/", pages.revoke, name="revoke"),
    path("admin/webhooks/", pages.webhooks, name="webhooks"),
    path("admin/webhooks/stuck/", pages.try_stuck, name="stuck"),
    path("admin/webhooks/<int:subscription>/", pages.webhook, name="webhook"),
    path("admin/webhooks/<int:subscription>/<slug:what>/", pages.change, name="webhook_change"),
    path("studio/messages/", message_pages.overview, name="messages"),
    path("studio/messages/retry/<slug:trouble>/", message_pages.retry_all, name="messages_retry"),
    path("studio/messages/channels/<slug:name>/<slug:what>/", message_pages.channel, name="messages_channel"),
    path("studio/messages/templates/", message_pages.templates, name="templates"),
    path("studio/messages/templates/<str:kind>/<slug:language>/", message_pages.template, name="template"),
    path(
        "studio/messages/templates/<str:kind>/<slug:language>/preview/", message_pages.template_preview, name="template_preview"
    ),
    path("studio/messages/<str:number>/", message_pages.message, name="message"),
    path("studio/messages/<str:number>/retry/", message_pages.retry, name="message_retry"),
]
