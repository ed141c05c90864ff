"""Addresses of the people room."""

from django.urls import path

from hangbiao.rooms.people import deputy_pages, pages

app_name = "people"
urlpatterns = [
    path("accounts/", pages.listed, name="accounts"),
    path("accounts/invite/", pages.invite, name="invite"),
    path("accounts/<str:code>/mail/", pages.mail, name="mail"),
    path("accounts/<str:code>/close/", pages.close, name="close_account"),
    path("accounts/<str:code>/reopen/", pages.reopen, name="reopen_account"),
    path("accounts/<str:code>/forget-second-step/", pages.forget_second_step, name="forget_second_step"),
    path("accounts/<str:code>/unlink/", pages.unlink, name="unlink"),
    path("deputies/", deputy_pages.deputies, name="deputies"),
    path("deputies/<int:number>/end/", deputy_pages.end, name="end_deputy"),
]
