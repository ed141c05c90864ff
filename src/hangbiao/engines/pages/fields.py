"""Form fields: a label, a hint, the control, the error, tied together for readers of the screen and of the ear."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString

FEW = 5  # choices that fit side by side
KINDS = (
    (forms.CheckboxSelectMultiple, "chips"), (forms.RadioSelect, "seg"), (forms.CheckboxInput, "check"),
    (forms.Textarea, "area"), (forms.Select, "select"), (forms.FileInput, "file"), (forms.PasswordInput, "text"),
)  # fmt: skip


class DayInput(forms.DateInput):
    """A day, as browsers want it written."""

    input_type = "date"

    def __init__(self, **how: Any) -> None:
        super().__init__(format="%Y-%m-%d", **how)


class AmountInput(forms.TextInput):
    """An amount in the unit that stands beside it; typed on a number pad, with room for 1,234.5."""

    def __init__(self, unit: str | Promise = "", **how: Any) -> None:
        self.unit = unit
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "amount"} | how.pop("attrs", {})
        super().__init__(attrs=attrs, **how)


class PhotoInput(forms.FileInput):
    """A photo: on a phone the camera opens, elsewhere a file is chosen."""

    def __init__(self, **how: Any) -> None:
        super().__init__(attrs={"accept": "image/*", "capture": "environment"} | how.pop("attrs", {}), **how)


def kind_of(widget: forms.Widget) -> str:
    """How the control looks."""
    if isinstance(widget, PhotoInput):
        return "photo"
    kind = next((name for type_, name in KINDS if isinstance(widget, type_)), "text")
    return "radios" if kind == "seg" and len(list(getattr(widget, "choices", ()))) > FEW else kind


def field(bound: BoundField, hint: str = "") -> SafeString:
    """One field. Groups (choices) are fieldsets; a single control gets its label, its hint and its error by id."""
    widget, name = bound.field.widget, bound.auto_id or bound.html_name
    kind, said = kind_of(widget), hint or bound.help_text
    described = [f"{name}-hint"] * bool(said) + [f"{name}-error"] * bool(bound.errors)
    attrs: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    grouped = kind in {"chips", "seg", "radios"}
    context = {
        "bound": bound, "kind": kind, "name": name, "hint": said, "unit": getattr(widget, "unit", ""), "grouped": grouped,
        "described": " ".join(described), "control": "" if grouped else bound.as_widget(attrs=attrs),
    }  # fmt: skip
    return render_to_string("pages/parts/field.html", context)
