"""Addresses of the engine's own pages."""

from django.urls import path

from hangbiao.engines.pages import pages

app_name = "pages"
urlpatterns = [path("preferences/", pages.preferences, name="preferences")]
