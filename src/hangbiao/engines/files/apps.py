"""Files as Django knows them."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "hangbiao.engines.files"
    label = "files"
