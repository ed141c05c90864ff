"""Rules of the house that ruff and the import contracts cannot see, each shown to catch what it is there for."""

from pathlib import Path

import pytest

from lint import base, rules

REPOSITORY = Path(__file__).parents[2]
HOUSE = REPOSITORY / "src" / "hangbiao"

BREACHES = [
    (rules.whole_numbers_in_core, "core/lights.py", "BORDER = 0.7"),
    (rules.whole_numbers_in_core, "core/lights.py", "def f(x):\n    return float(x)"),
    (rules.rules_know_no_estimates, "core/lights.py", "from hangbiao.core.estimates import projection"),
    (rules.one_clock, "rooms/lights/services.py", "import datetime as dt\nx = dt.datetime.now()"),
    (rules.one_clock, "rooms/lights/models.py", "at = DateTimeField(auto_now_add=True)"),
    (rules.one_clock, "rooms/lights/models.py", "at = DateTimeField(db_default=Now())"),
    (rules.raw_sql_in_sql_py, "rooms/lights/services.py", "cursor.execute(statement)"),
    (rules.raw_sql_in_sql_py, "rooms/lights/services.py", "Light.objects.raw(statement)"),
    (rules.raw_sql_in_sql_py, "rooms/lights/services.py", "Light.objects.all().extra(where=[])"),
    (rules.raw_sql_in_sql_py, "rooms/lights/selectors.py", "x = RawSQL('1', [])"),
    (rules.raw_sql_in_sql_py, "rooms/lights/selectors.py", "db.execute('DELETE FROM light')"),
    (rules.rooms_by_name_only, "rooms/lights/services.py", "apps.get_model('targets.Target')"),
    (rules.rooms_by_name_only, "rooms/lights/services.py", "importlib.import_module('hangbiao.rooms.board')"),
    (rules.door_sign, "rooms/lights/__init__.py", ""),
    (rules.door_sign, "rooms/lights/__init__.py", '"""Lights."""\nX = 1'),
    (rules.door_sign, "rooms/lights/__init__.py", '"""Lights\n' + "and more\n" * 15 + '"""'),
    (rules.short_file, "rooms/lights/services.py", "X = 1\n" * 401),
    (rules.short_function, "rooms/lights/services.py", "def f():\n" + "    x = 1\n" * 50),
    (rules.no_rules_in_models, "rooms/lights/models.py", "class Light:\n    def save(self): ..."),
    (
        rules.views_do_not_touch_tables,
        "rooms/lights/pages.py",
        "from hangbiao.rooms.lights.models import Light",
    ),
    (rules.views_do_not_touch_tables, "rooms/lights/pages.py", "from hangbiao.rooms.lights import models"),
    (rules.views_do_not_touch_tables, "rooms/lights/api.py", "from hangbiao.rooms.lights import models"),
    (rules.events_are_past, "rooms/lights/events.py", "@dataclass\nclass LightFlipped: ..."),
]


@pytest.mark.parametrize("rule", rules.ALL, ids=lambda r: r.__name__)
def test_the_house_keeps_its_own_rule(rule):
    assert base.findings(HOUSE, rule) == []


@pytest.mark.parametrize(("rule", "path", "source"), BREACHES, ids=lambda v: getattr(v, "__name__", None))
def test_a_planted_breach_is_found(rule, path, source, tmp_path):
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(source)

    found = base.findings(tmp_path, rule)

    assert len(found) == 1
    assert found[0].startswith(path)


def test_every_rule_has_a_planted_breach():
    assert {rule for rule, _, _ in BREACHES} == set(rules.ALL)


def test_a_skip_mark_excuses_one_rule_on_one_line(tmp_path):
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "a.py").write_text(
        "X = 0.5  # lint-skip: whole-numbers-in-core - because\nY = 0.5\n"
    )

    assert base.findings(tmp_path, rules.whole_numbers_in_core) == ["core/a.py:2: float literal 0.5 in core"]


def test_a_long_function_may_say_why(tmp_path):
    (tmp_path / "a.py").write_text('def f():\n    """Long because."""\n' + "    x = 1\n" * 60)

    assert base.findings(tmp_path, rules.short_function) == []
