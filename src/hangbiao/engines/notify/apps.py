"""Messages as Django knows them."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "hangbiao.engines.notify"
    label = "notify"

    def ready(self) -> None:
        from hangbiao.engines.notify.catalogue import register
        from hangbiao.engines.notify.words import KINDS

        register(*KINDS)
