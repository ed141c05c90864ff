"""Addresses of the interface's documentation; the operations themselves lie below /api/v1/."""

from django.urls import path

from hangbiao.engines.api import pages

app_name = "api"
urlpatterns = [
    path("api/docs", pages.docs, name="docs"),
    path("api/openapi.json", pages.openapi, name="openapi"),
]
