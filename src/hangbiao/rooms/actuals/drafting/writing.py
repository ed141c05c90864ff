"""A draft as a form that can be corrected, and the form as a mapping."""

from collections.abc import Mapping as Given
from typing import Any

import yaml
from django.utils.translation import gettext as _

from hangbiao.rooms.actuals import wording
from hangbiao.rooms.actuals.drafting.draft import Draft, Guess
from hangbiao.rooms.actuals.mapping import Format
from hangbiao.rooms.actuals.streams import STREAMS, Field

NUMBERS = {"plain": (".", ""), "english": (".", ","), "german": (",", "."), "spaced": (",", " ")}
CONST = "="
TIMES = (1, 1_000, 10_000, 100_000_000)
LONGEST = 400


def rows_of(draft: Draft) -> list[dict[str, Any]]:
    """The form's lines, one for each field of the stream, what is needed first."""
    fields = sorted(STREAMS[draft.stream].fields, key=lambda f: (not f.required, f.name not in draft.guesses))
    return [_row(one, draft) for one in fields]


def _row(one: Field, draft: Draft) -> dict[str, Any]:
    guess = draft.guesses.get(one.name) or Guess(one.name)
    written = next((n for n, w in NUMBERS.items() if w == (guess.decimal, guess.thousands)), "plain")
    return {
        "name": one.name, "title": wording.field(one.name), "required": one.required, "guess": guess,
        "missing": one.name in draft.missing, "is_date": one.kind == "date",
        "is_number": one.kind in {"number", "decimal", "coordinate"}, "written": written,
        "replace": "\n".join(f"{a} = {b}" for a, b in guess.replace.items()),
        "choices": "、".join(one.choices), "translates": bool(one.choices or guess.replace),
    }  # fmt: skip


def draft_from(form: Given[str, str], fresh: Draft) -> Draft:
    """What somebody made of a draft: every field as the form says."""
    guesses = {}
    for one in STREAMS[fresh.stream].fields:
        source = form.get(f"from-{one.name}", "")
        if not source or (source != CONST and source not in fresh.header):
            continue
        before = fresh.guesses.get(one.name)
        same = before and source in {before.source, CONST if before.const else ""}
        decimal, thousands = NUMBERS.get(form.get(f"number-{one.name}", ""), NUMBERS["plain"])
        times = form.get(f"times-{one.name}", "1")
        guess = Guess(
            one.name, source="" if source == CONST else source, date=form.get(f"date-{one.name}", "")[:40].strip(),
            const=form.get(f"const-{one.name}", "")[:LONGEST].strip() if source == CONST else "",
            decimal=decimal, thousands=thousands, times=int(times) if times in map(str, TIMES) else 1,
            replace=_pairs(form.get(f"replace-{one.name}", "")),
            because=before.because if before and same else _("由你选定。"),
        )  # fmt: skip
        if guess.source or guess.const:
            guesses[one.name] = guess
    missing = [f.name for f in STREAMS[fresh.stream].fields if f.required and f.name not in guesses]
    used = {g.source for g in guesses.values()}
    unused = [h for h in fresh.header if h and h not in used]
    key = [k for k in STREAMS[fresh.stream].key if k in guesses]
    return Draft(fresh.stream, fresh.form, fresh.header, guesses, missing, unused, key, fresh.why_stream)


def _pairs(text: str) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line)
    return {a.strip(): b.strip() for a, b in pairs if a.strip()}


def text_of(draft: Draft, *, code: str, title: str, files: str) -> str:
    """The mapping as a file of its own, as people would write it."""
    stream = STREAMS[draft.stream]
    written: dict[str, Any] = {
        "mapping": code, "title": title, "stream": draft.stream, "files": files, "format": _format(draft.form),
    }  # fmt: skip
    if draft.key:
        written["key"] = draft.key
    written["columns"] = {
        f.name: _column(draft.guesses[f.name], f) for f in stream.fields if f.name in draft.guesses
    }
    return yaml.safe_dump(written, allow_unicode=True, sort_keys=False)


def _format(form: Format) -> dict[str, Any]:
    return form.model_dump(exclude_defaults=True) | {"kind": form.kind}


def _column(guess: Guess, one: Field) -> Any:
    if guess.const:
        return {"const": guess.const}
    column: dict[str, Any] = {"from": guess.source}
    if one.kind == "date" and guess.date:
        column["date"] = guess.date
    if one.kind in {"number", "decimal", "coordinate"}:
        if guess.decimal != ".":
            column["decimal"] = guess.decimal
        if guess.thousands:
            column["thousands"] = guess.thousands
        if guess.times != 1:
            column["times"] = guess.times
    if guess.replace:
        column["replace"] = guess.replace
    return column if len(column) > 1 else guess.source
