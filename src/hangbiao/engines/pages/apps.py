"""Pages as Django knows them."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "hangbiao.engines.pages"
    label = "pages"
