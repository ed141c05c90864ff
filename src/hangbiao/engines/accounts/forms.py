"""What the sign-in page takes."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PasswordForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=256,  # a megabyte of password would keep the hasher busy
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
