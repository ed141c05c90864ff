"""What the page of a message template takes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hangbiao.engines.notify.catalogue import Text
from hangbiao.engines.notify.errors import BadTemplate
from hangbiao.engines.notify.wording import LONGEST


class TemplateForm(forms.Form):
    """Title, body and button; the fields are filled in when a message is sent."""

    title = forms.CharField(label=_("标题"), max_length=LONGEST["title"], help_text=_("没有写 {number} 时，编号会加在标题后面。"))
    body = forms.CharField(
        label=_("正文"), max_length=LONGEST["body"], widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("**两个星号**之间的字加粗。"),
    )  # fmt: skip
    button = forms.CharField(label=_("按钮"), max_length=LONGEST["button"], help_text=_("企业微信最多显示 4 个字。"))

    def text(self) -> Text:
        said = self.cleaned_data
        return Text(said["title"], said["body"].replace("\r\n", "\n"), said["button"])

    def refuse(self, refusal: BadTemplate) -> None:
        """Each mistake beside its text."""
        for fault in refusal.faults:
            self.add_error(fault.text, fault.sentence)
