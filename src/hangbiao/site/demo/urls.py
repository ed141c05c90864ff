"""Addresses of the demo's own controls; included only when the demo company runs."""

from django.urls import path

from hangbiao.site.demo import pages

urlpatterns = [
    path("clock/", pages.move, name="demo-clock"),
    path("clock/status/", pages.status, name="demo-clock-status"),
]
