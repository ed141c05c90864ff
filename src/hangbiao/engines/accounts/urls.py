"""Addresses of the accounts engine."""

from django.urls import path

from hangbiao.engines.accounts.pages import confirm, letters, own, second, sign_in, sign_on

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/as/", sign_in.sign_in_as, name="sign_in_as"),
    path("sign-in/forgotten/", letters.forgotten, name="forgotten"),
    path("sign-in/second/", second.second_step, name="second_step"),
    path("sign-in/second/passkey/", second.second_step_passkey, name="second_step_passkey"),
    path("sign-on/<slug:way>/", sign_on.leave, name="sign_on"),
    path("sign-on/<slug:way>/back/", sign_on.came_back, name="sign_on_back"),
    path("sign-on/<slug:way>/code/", sign_on.from_client, name="sign_on_code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("letters/<str:token>/", letters.letter, name="letter"),
    path("account/", own.account, name="account"),
    path("account/password/", own.password, name="password"),
    path("account/sessions/end/", own.end_other_sittings, name="end_other_sittings"),
    path("account/sessions/<int:number>/end/", own.end_sitting, name="end_sitting"),
    path("account/confirm/", confirm.confirm, name="confirm"),
    path("account/confirm/passkey/", confirm.passkey, name="confirm_passkey"),
    path("account/second-step/", second.overview, name="second_overview"),
    path("account/second-step/app/", second.app, name="second_app"),
    path("account/second-step/passkey/", second.new_passkey, name="new_passkey"),
    path("account/second-step/passkey/options/", second.new_passkey_options, name="new_passkey_options"),
    path("account/second-step/codes/", second.codes, name="second_codes"),
    path("account/second-step/<int:number>/remove/", second.remove, name="second_remove"),
]
