"""Webhooks as Django knows them."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "hangbiao.engines.webhooks"
    label = "webhooks"
