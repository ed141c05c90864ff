"""Django's label for the site: wiring is connected when all rooms are ready."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "hangbiao.site"
    label = "site"

    def ready(self) -> None:
        from hangbiao.site import wiring

        wiring.connect()
