"""Addresses of the messages."""

from django.urls import path

from hangbiao.engines.notify import pages

app_name = "notify"
urlpatterns = [path("callbacks/<slug:messenger>/", pages.callback, name="callback")]
