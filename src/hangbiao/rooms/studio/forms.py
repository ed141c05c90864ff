"""What the studio's pages take."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from hangbiao.engines.api.scopes import SCOPES, scope_word
from hangbiao.engines.api.services import PER_MINUTE
from hangbiao.engines.journal.events import followed
from hangbiao.engines.outbox.services import dotted
from hangbiao.engines.pages.fields import DayInput
from hangbiao.rooms.studio import words

Choices = Sequence[tuple[str, str]]


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(
        label=_("名称"), max_length=80, help_text=_("哪个程序用它，例如：数据仓库每日推送。")
    )
    owner = forms.ChoiceField(label=_("负责账号"), help_text=_("集成账号；账号停用或本人离职后，它的密钥同时失效。"))
    scopes = forms.MultipleChoiceField(label=_("可以做什么"), widget=forms.CheckboxSelectMultiple)
    place = forms.ChoiceField(
        label=_("可以到达的单位"), help_text=_("只看得到、也只写得进这个单位及其下级。")
    )
    reason = forms.CharField(label=_("为什么需要"), max_length=200, help_text=_("会写进日志，审计时看得到。"))
    expires = forms.DateField(
        label=_("有效期至"), required=False, widget=DayInput(), help_text=_("不填则一直有效，直到作废。")
    )
    per_minute = forms.IntegerField(
        label=_("每分钟最多请求"),
        min_value=1,
        max_value=100_000,
        initial=PER_MINUTE,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(
        self, *args: object, owners: Choices = (), places: Choices = (), today: date, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today
        choices = {
            "owner": owners,
            "place": places,
            "scopes": [(scope, f"{scope_word(scope)}（{scope}）") for scope in SCOPES],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean_expires(self) -> date | None:
        """The last day on which the key is good."""
        day: date | None = self.cleaned_data["expires"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("这一天已经过去。请选今天或以后的日子。"))
        return day


class WebhookForm(forms.Form):
    """A new subscription."""

    name = forms.CharField(label=_("名称"), max_length=80)
    url = forms.URLField(
        label=_("接收地址"),
        max_length=400,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        help_text=_("https 地址；不会跟随跳转。"),
    )
    events = forms.MultipleChoiceField(label=_("告诉它什么"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        codes = [dotted(event.__name__) for event in followed()]
        self.fields["events"].choices = [(c, f"{words.event(c)}（{c}）") for c in codes]  # type: ignore[attr-defined]
