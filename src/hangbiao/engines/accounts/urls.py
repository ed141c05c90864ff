"""Addresses of the accounts engine."""

from django.urls import path

from hangbiao.engines.accounts import pages

app_name = "accounts"
urlpatterns = [
    path("sign-in/", pages.sign_in, name="sign_in"),
    path("sign-in/as/", pages.sign_in_as, name="sign_in_as"),
    path("sign-out/", pages.sign_out, name="sign_out"),
]
