"""Flows as Django knows them."""

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "hangbiao.engines.flows"
    label = "flows"
