"""Addresses of the accounts engine."""

from django.urls import path

from hangbiao.engines.accounts.pages import letters, own, sign_in

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/as/", sign_in.sign_in_as, name="sign_in_as"),
    path("sign-in/forgotten/", letters.forgotten, name="forgotten"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("letters/<str:token>/", letters.letter, name="letter"),
    path("account/", own.account, name="account"),
    path("account/password/", own.password, name="password"),
    path("account/sessions/end/", own.end_other_sittings, name="end_other_sittings"),
    path("account/sessions/<int:number>/end/", own.end_sitting, name="end_sitting"),
]
