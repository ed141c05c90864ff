"""Policy as Django knows it."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PolicyConfig(AppConfig):
    name = "hangbiao.engines.policy"
    label = "policy"

    def ready(self) -> None:
        autodiscover_modules("parameters")  # every room's catalogue, so that the list is complete
