"""What the pages of accounts take."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST_PASSWORD = 256  # a megabyte of password would keep the hasher busy


def _password(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=LONGEST_PASSWORD, strip=False, widget=widget)


class PasswordForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label=gettext_lazy("用户名或邮箱"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = _password(gettext_lazy("密码"), "current-password")


class ForgottenForm(forms.Form):
    """Whose password is forgotten."""

    name = forms.CharField(
        label=gettext_lazy("用户名或邮箱"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    password = _password(gettext_lazy("新密码"), "new-password")
    again = _password(gettext_lazy("再输入一次"), "new-password")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("两次输入的密码不一样。"))
        return given


class ChangePasswordForm(NewPasswordForm):
    """The present password as well, for whoever has one."""

    present = _password(gettext_lazy("现在的密码"), "current-password")
    field_order = ("present", "password", "again")

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_password:
            del self.fields["present"]


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "inputmode": "text"}),
    )


class ConfirmForm(forms.Form):
    """The password once more."""

    password = _password(gettext_lazy("密码"), "current-password")
