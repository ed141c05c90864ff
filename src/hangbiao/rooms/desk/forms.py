"""What the profile page takes."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hangbiao.rooms.desk.services import CHANNELS

CHANNEL_NAMES = {"mail": _("邮件"), "wecom": _("企业微信"), "dingtalk": _("钉钉"), "feishu": _("飞书")}
THEMES = [("auto", _("跟随系统")), ("light", _("浅色")), ("dark", _("深色"))]


class HourInput(forms.TimeInput):
    """An hour and minute, as browsers want it written."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class ProfileForm(forms.Form):
    """Language, theme, quiet hours, channels."""

    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    theme = forms.ChoiceField(label=_("外观"), choices=THEMES, widget=forms.RadioSelect)
    quiet_from = forms.TimeField(label=_("免打扰从"), required=False, widget=HourInput())
    quiet_to = forms.TimeField(
        label=_("免打扰到"), required=False, widget=HourInput(), help_text=_("两个都不填：按公司的规定。")
    )
    channels = forms.MultipleChoiceField(
        label=_("还可以从哪里通知我"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(channel, CHANNEL_NAMES[channel]) for channel in CHANNELS],
        help_text=_("站内通知总是有。都不选：按公司的规定；邮件总是最后的办法。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Both ends of the quiet hours or none."""
        found = super().clean() or {}
        if not self.errors and (found.get("quiet_from") is None) != (found.get("quiet_to") is None):
            self.add_error("quiet_to", _("免打扰时段要有开始和结束，或者两个都不填。"))
        return found
