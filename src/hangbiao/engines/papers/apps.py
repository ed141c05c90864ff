"""Papers as Django knows them."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "hangbiao.engines.papers"
    label = "papers"
