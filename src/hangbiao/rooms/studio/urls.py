"""Addresses of the studio."""

from django.urls import path

from hangbiao.rooms.studio import flow_pages, message_pages, pages, rule_pages, schedule_pages

app_name = "studio"
urlpatterns = [
    path("studio/flows/", flow_pages.flows, name="flows"),
    path("studio/flows/<slug:key>/", flow_pages.flow, name="flow"),
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
    path("studio/rules/", rule_pages.rules, name="rules"),
    path("studio/rules/new/", rule_pages.edit, name="rule_new"),
    path("studio/rules/check/", rule_pages.check, name="rule_check"),
    path("studio/rules/<slug:code>/", rule_pages.rule, name="rule"),
    path("studio/rules/<slug:code>/edit/", rule_pages.edit, name="rule_edit"),
    path("studio/rules/<slug:code>/publish/", rule_pages.publish, name="rule_publish"),
    path("studio/rules/<slug:code>/end/", rule_pages.end, name="rule_end"),
    path("studio/rules/<slug:code>/forget/", rule_pages.forget, name="rule_forget"),
    path("studio/rules/<slug:code>/versions/<int:number>/", rule_pages.version, name="rule_version"),
    path("studio/rules/<slug:code>/cases/<int:run>/<str:person>/", rule_pages.case, name="rule_case"),
    path("studio/schedule/", schedule_pages.schedule, name="schedule"),
    path("studio/schedule/<str:name>/", schedule_pages.turns, name="turns"),
    path("studio/schedule/<str:name>/run/", schedule_pages.run, name="run"),
]
