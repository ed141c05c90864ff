"""The reviews room as Django knows it."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "hangbiao.rooms.reviews"
    label = "reviews"

    def ready(self) -> None:
        from hangbiao.rooms.reviews import response

        response.register()
