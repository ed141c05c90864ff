"""What the people room's pages take."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hangbiao.engines.pages.fields import DayInput


class DeputyForm(forms.Form):
    """Who stands in for whom, from a day to a day."""

    principal = forms.ChoiceField(label=_("被代理人"))
    deputy = forms.CharField(
        label=_("代理人"), max_length=80, help_text=_("同事的工号或姓名。代理人看得到被代理人看得到的，不能再转给别人。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    first = forms.DateField(label=_("从"), widget=DayInput())
    last = forms.DateField(label=_("到"), widget=DayInput(), help_text=_("含这一天；之后自动失效。"))
    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("例如：年假。会写进日志。"))

    def __init__(self, *args: Any, whom: Sequence[tuple[str, str]] = (), today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["principal"].choices = whom  # type: ignore[attr-defined]
        if len(whom) == 1:
            self.fields["principal"].initial = whom[0][0]

    def clean_first(self) -> date:
        """From today on: nobody has stood in for somebody without either knowing."""
        day: date = self.cleaned_data["first"]
        if day < self.today:
            raise forms.ValidationError(_("这一天已经过去。请选今天或以后的日子。"))
        return day
