"""Workdays as Django knows them."""

from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "hangbiao.engines.workdays"
    label = "workdays"
