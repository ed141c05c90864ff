"""Addresses of the audit room."""

from django.urls import path

from hangbiao.rooms.audit import pages

app_name = "audit"
urlpatterns = [
    path("journal/", pages.journal, name="journal"),
    path("journal/export/<slug:kind>/", pages.export, name="export"),
    path("journal/verify/", pages.verify, name="verify"),
    path("journal/verifications/<int:number>/", pages.verification, name="verification"),
    path("journal/verifications/<int:number>/row/", pages.progress, name="progress"),
    path("journal/<int:number>/", pages.line, name="line"),
]
