"""The living page shows every part, and only administrators and developers see it."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from hangbiao.engines import pages
from hangbiao.engines.accounts.sessions import Stranger
from hangbiao.engines.pages.styleguide import exhibits

pytestmark = pytest.mark.django_db
# Words, addresses and the drawings that every part uses.
PLAIN = {"span", "address", "person_address", "kept_address", "exact_amount", "icon"}
PARTS = Path(pages.__file__).parent / "templates" / "pages" / "parts"
WITH_TAG = {
    "files": "table_files", "table": "data_table", "field": "field", "job": "job_row", "failed": "failed", "banner": "banner",
    "keep": "once",
}  # fmt: skip


def shown():
    request = RequestFactory().get("/styleguide/")
    request.user = Stranger()
    return exhibits(request)


def tags() -> set[str]:
    ours = ("hangbiao.engines.pages.templatetags.hb", "hangbiao.engines.pages.templatetags.parts")
    libraries = [lib for lib in engines["django"].engine.template_builtins if lib.tags]
    known = set().union(*[set(lib.tags) for lib in libraries if _module(lib) in ours])
    assert {"lamp", "data_table"} <= known
    return known


def _module(library) -> str:
    from importlib import import_module

    for name in ("hangbiao.engines.pages.templatetags.hb", "hangbiao.engines.pages.templatetags.parts"):
        if import_module(name).register is library:
            return name
    return ""


def test_every_part_is_on_show():
    names = {exhibit.name for exhibit in shown()}

    assert tags() - PLAIN - names == set()


def test_every_part_with_a_template_is_on_show():
    names = {exhibit.name for exhibit in shown()}

    assert {WITH_TAG.get(path.stem, path.stem) for path in PARTS.glob("*.html")} - names == set()


def test_every_state_is_drawn_in_both_languages():
    empty = [
        (exhibit.name, state.title)
        for exhibit in shown()
        for state in exhibit.states
        if not str(state.zh).strip() or not str(state.en).strip()
    ]

    assert empty == []


def test_english_states_hold_no_chinese():
    kept = {"title", "name"}  # proper names of places in a tooltip
    found = []
    for exhibit in shown():
        for state in exhibit.states:
            text = re.sub(rf' ({"|".join(kept)})="[^"]*"', "", str(state.en))
            if re.search("[\u4e00-\u9fff]", text):
                found.append((exhibit.name, state.title, re.findall("[\u4e00-\u9fff]+", text)[:3]))

    assert found == []
    assert translation.get_language() == "zh-hans"


def test_nothing_on_show_needs_an_inline_style_or_script():
    html = "".join(str(state.zh) + str(state.en) for exhibit in shown() for state in exhibit.states)

    assert "style=" not in html
    assert "<script" not in html


def test_strangers_are_asked_to_sign_in(client):
    assert client.get("/styleguide/").status_code == 302
