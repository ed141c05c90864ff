"""What people write in a review, step by step."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hangbiao.engines.flows.definition import Step
from hangbiao.engines.pages.fields import DayInput

CAUSES = (
    ("channel", _("渠道变化或关店")),
    ("price", _("竞品价格")),
    ("customer", _("客户流失")),
    ("stock", _("缺货或供应")),
    ("visits", _("拜访不足")),
    ("target", _("目标本身不合理")),
    ("other", _("其他")),
)
MOST_ACTIONS = 3
SHORTEST = 10


class AddressInput(forms.TextInput):
    """An address of the web: looks like any other field, and a phone offers the letters it needs."""

    def __init__(self, **how: Any) -> None:
        super().__init__(attrs={"inputmode": "url", "autocomplete": "off"} | how.pop("attrs", {}), **how)


class AnalysisForm(forms.Form):
    """What one of those concerned adds to the generated numbers, which stay as they are."""

    cause = forms.ChoiceField(label=_("主要原因"), choices=CAUSES, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("补充和更正"), min_length=SHORTEST, max_length=5000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("数字是系统算的，不能改；在这里写数字说明不了的事实，或说明哪里不对。"),
    )  # fmt: skip
    drafted_on = forms.IntegerField(min_value=1, max_value=9999, widget=forms.HiddenInput)


class MeetingForm(forms.Form):
    """A proposed time of the talk."""

    on = forms.DateField(label=_("日期"), widget=DayInput())
    begins = forms.TimeField(label=_("开始"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    minutes = forms.IntegerField(label=_("时长（分钟）"), min_value=10, max_value=240, initial=30)
    link = forms.URLField(label=_("会议链接"), required=False, max_length=300, assume_scheme="https", widget=AddressInput())
    place = forms.CharField(label=_("地点"), required=False, max_length=120)
    drafted_on = forms.IntegerField(min_value=0, max_value=9999, widget=forms.HiddenInput)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("on") and said.get("begins"):
            said["starts_at"] = datetime.combine(said["on"], said["begins"], tzinfo=self.now.tzinfo)
            if said["starts_at"] <= self.now:
                self.add_error("on", _("这个时间已经过去。请选一个以后的时间。"))
        return said


class Part(forms.Form):
    """Base: what is written becomes the task's answer, as JSON; `decision` is what it amounts to."""

    def decision(self) -> str:
        return "done"

    def answer(self) -> dict[str, Any]:
        return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in self.cleaned_data.items()}


class ReviewPart(Part):
    """One party's view of the deviation."""

    cause = forms.ChoiceField(label=_("你认为的主要原因"), choices=CAUSES, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("具体情况"), min_length=SHORTEST, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写事实：哪些客户、哪些产品、从哪一天起。"),
    )  # fmt: skip
    need = forms.CharField(
        label=_("需要什么支持"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class MeetPart(Part):
    """When one met, and that one was there oneself."""

    held_on = forms.DateField(label=_("会议日期"), widget=DayInput())
    link = forms.URLField(label=_("会议链接"), required=False, max_length=300, assume_scheme="https", widget=AddressInput())
    present = forms.BooleanField(label=_("我本人参加了"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        if day > self.today:
            raise forms.ValidationError(_("会议还没有开。开完以后再来确认参加。"))
        return day


class MinutesPart(Part):
    """The minutes and up to three actions with owner and day."""

    words = forms.CharField(
        label=_("复盘纪要"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("谈了什么，各方看法，结论。纪要已经写在纸上或录了音，就先传附件，这里可以留空。"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, owners: Sequence[tuple[int, str]], today: date, attached: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.attached = today, attached
        for n in range(1, MOST_ACTIONS + 1):
            self.fields[f"what_{n}"] = forms.CharField(
                label=_("行动 %(n)s") % {"n": n}, required=n == 1, max_length=300
            )
            self.fields[f"owner_{n}"] = forms.TypedChoiceField(
                label=_("负责人"), choices=owners, coerce=int, required=n == 1, empty_value=None
            )
            self.fields[f"due_{n}"] = forms.DateField(label=_("完成日期"), required=n == 1, widget=DayInput())

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"].strip()
        if len(words) < SHORTEST and not self.attached:
            raise forms.ValidationError(_("写下纪要（至少 %(n)s 个字），或先传纪要的照片、文件、录音。") % {"n": SHORTEST})
        return words

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for n in range(1, MOST_ACTIONS + 1):
            what, due = said.get(f"what_{n}"), said.get(f"due_{n}")
            if what and not due and f"due_{n}" not in self.errors:
                self.add_error(f"due_{n}", _("写明哪一天完成。"))
            if due and due < self.today:
                self.add_error(f"due_{n}", _("这一天已经过去。请选今天或以后的日子。"))
        return said

    def answer(self) -> dict[str, Any]:
        said = self.cleaned_data
        actions = [
            {"what": said[f"what_{n}"], "owner": said[f"owner_{n}"], "due_on": said[f"due_{n}"].isoformat()}
            for n in range(1, MOST_ACTIONS + 1)
            if said[f"what_{n}"]
        ]
        return {"words": said["words"], "actions": actions}


class VerdictPart(Part):
    """Agree, or say why not."""

    verdict = forms.ChoiceField(label=_("你的意见"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("理由"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不同意时要写。"),
    )  # fmt: skip

    def __init__(self, *args: Any, against: tuple[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"].choices = [("agree", _("同意")), against]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("verdict") not in {None, "agree"} and not str(said.get("reason", "")).strip():
            self.add_error("reason", _("请写明理由。"))
        return said

    def decision(self) -> str:
        return str(self.cleaned_data["verdict"])

    def answer(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


def form_for(
    step: Step, part: str, said: Any = None, *, owners: Sequence[tuple[int, str]], today: date, attached: int = 0
) -> Part:
    """The form of an open task."""
    if part == "confirm":
        return VerdictPart(said, against=("object", _("有异议")))
    if step.kind == "approve":
        return VerdictPart(said, against=("reject", _("退回补充")))
    if step.kind == "meet":
        return MeetPart(said, today=today)
    if step.confirm_by:
        return MinutesPart(said, owners=owners, today=today, attached=attached)
    return ReviewPart(said)
