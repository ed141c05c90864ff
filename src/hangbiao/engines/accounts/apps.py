"""Accounts as Django knows them."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hangbiao.engines.accounts"
    label = "accounts"
