"""What the editor of rules takes."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hangbiao.engines.pages import lamps
from hangbiao.engines.pages.fields import AmountInput, DayInput
from hangbiao.engines.pages.numbers import name_of
from hangbiao.rooms.lights.rules import wording
from hangbiao.rooms.lights.rules.body import LIT, TOLD
from hangbiao.rooms.lights.rules.errors import BadRule
from hangbiao.rooms.lights.rules.selectors import JUDGED, known
from hangbiao.rooms.people.directory import regions
from hangbiao.rooms.targets.selectors import metrics

SHARES = ("yellow_below", "red_below", "hysteresis", "min_plan_share", "certainty")
MANY = ("units", "metrics", "roles", "flow_lights", "tell")
FEW_NUMBERS = {"inputmode": "numeric"}


def _share(label: Any, hint: Any = "", initial: str = "0") -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, max_length=20, initial=initial, widget=AmountInput("%"))


def _chips(label: Any, hint: Any = "", initial: Any = ()) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, help_text=hint, required=False, initial=list(initial), widget=forms.CheckboxSelectMultiple
    )


class RuleForm(forms.Form):
    """A rule. What is wrong with it is found by the rule's own reader (`take_faults`), not here."""

    code = forms.SlugField(
        label=gettext_lazy("代号"), max_length=40, help_text=gettext_lazy("小写字母、数字和连字符，定下后不再改。")
    )
    name = forms.CharField(label=gettext_lazy("名字"), max_length=80)
    units = _chips(gettext_lazy("哪些区域"), gettext_lazy("不选就是全公司。"))
    roles = _chips(gettext_lazy("哪些角色"), gettext_lazy("不选就是所有人。"))
    metrics = _chips(gettext_lazy("哪些指标"), gettext_lazy("不选就是所有指标。"))
    basis = forms.ChoiceField(label=gettext_lazy("和什么比"), initial="pace", widget=forms.RadioSelect)
    yellow_below = _share(gettext_lazy("低于多少亮黄灯"), initial="70")
    red_below = _share(gettext_lazy("低于多少亮红灯"), initial="50")
    condition = forms.CharField(
        label=gettext_lazy("条件"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("例如 attainment < 0.7 and visits_last_14d < 8。中文名称也可以写。"),
    )  # fmt: skip
    effect = forms.ChoiceField(label=gettext_lazy("条件起什么作用"), initial="narrow", widget=forms.RadioSelect)
    hysteresis = _share(gettext_lazy("转好要高出界限"), gettext_lazy("亮过黄灯或红灯的人，高出界限这么多才转好。"))
    min_plan_share = _share(gettext_lazy("计划过多少才亮灯"), initial="15")
    certainty = _share(gettext_lazy("期末预计：多大把握才算"), gettext_lazy("只对“期末预计”起作用。"), initial="80")
    from_week = forms.CharField(
        label=gettext_lazy("期末预计：从第几周起"), initial="4", max_length=2, widget=forms.TextInput(attrs=FEW_NUMBERS)
    )
    flow = forms.ChoiceField(
        label=gettext_lazy("开什么流程"), required=False, initial="deviation_response", widget=forms.RadioSelect
    )
    flow_lights = _chips(gettext_lazy("哪种灯开流程"), initial=LIT)
    cool_down_days = forms.CharField(
        label=gettext_lazy("结束后多少天内不再开"), initial="0", max_length=3, widget=forms.TextInput(attrs=FEW_NUMBERS)
    )
    tell = _chips(
        gettext_lazy("发消息给谁"), gettext_lazy("本人收到自己的灯；管理者每个检查点只收到一条，说的是自己范围内的人。"), TOLD
    )

    def __init__(self, *args: Any, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "units": [(unit.path, name_of(unit)) for unit in regions()],
            "metrics": [(metric.code, name_of(metric)) for metric in metrics()],
            "roles": [(role.value, wording.party(role.value)) for role in JUDGED],
            "basis": [(one, wording.basis(one)) for one in ("pace", "cumulative", "landing")],
            "effect": [("narrow", _("成立才亮")), ("yellow", _("成立就至少亮黄灯")), ("red", _("成立就亮红灯"))],
            "flow": [("", wording.flow("")), *((one, wording.flow(one)) for one in known().flows)],
            "flow_lights": [(one, lamps.word(one)) for one in LIT], "tell": wording.parties(),
        }  # fmt: skip
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        if code:
            self.fields["code"].initial = code
            self.fields["code"].disabled = True

    def body(self) -> dict[str, Any]:
        """What was typed, in the reader's terms; complete even where the form found mistakes."""
        said = {name: self.data.get(name, "") for name in self.fields if name not in {*MANY, "code"}}
        typed = {name: f"{said[name].strip().rstrip('%')}%" for name in SHARES}
        many = {name: self.data.getlist(name) for name in MANY}  # type: ignore[attr-defined]
        return {**said, **typed, **many}

    def take_faults(self, bad: BadRule) -> None:
        """Show each mistake at its field, in a condition with the words it is about."""
        text = str(self.data.get("condition", ""))
        for fault in bad.faults:
            said = fault.sentence
            if fault.field == "condition":
                said = wording.placed(text, fault.start, fault.end, said)
            self.add_error(fault.field if fault.field in self.fields else None, said)


def initial_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """A kept rule as the form shows it: shares in percent."""
    percents = {name: f"{Fraction(body[name]) * 100}" for name in SHARES}
    plain = {name: value if "/" not in value else f"{float(Fraction(value)):.10g}" for name, value in percents.items()}
    return {**body, **plain}


class PublishForm(forms.Form):
    """From when on, and why."""

    valid_from = forms.DateField(label=gettext_lazy("从哪一天起"), widget=DayInput())
    reason = forms.CharField(label=gettext_lazy("为什么"), max_length=300, help_text=gettext_lazy("会写进日志，审计时看得到。"))
