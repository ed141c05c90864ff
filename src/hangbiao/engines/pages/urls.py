"""Addresses of the engine's own pages."""

from django.urls import path

from hangbiao.engines.pages import pages

app_name = "pages"
urlpatterns = [
    path("preferences/", pages.preferences, name="preferences"),
    path("tables/<slug:table>/columns/", pages.columns, name="columns"),
    path("styleguide/", pages.styleguide, name="styleguide"),
    path("admin/errors/", pages.fault_list, name="faults"),
    path("admin/errors/<slug:number>/", pages.fault, name="fault"),
    path("offline/", pages.offline, name="offline"),
    path("sw.js", pages.worker, name="worker"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
]
