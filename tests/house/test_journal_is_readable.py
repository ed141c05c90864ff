"""Whatever the house writes into its journal, an auditor reads in words."""

import re
from pathlib import Path

from django.utils.translation import override

from hangbiao.rooms.audit import words

SOURCE = Path(__file__).parents[2] / "src" / "hangbiao"
WRITES = re.compile(r'(?:record|Line)\([^()]*?kind="([a-z_.]+)"|_journal\(\s*"([a-z_.]+)"')


def written() -> set[str]:
    """Every kind of line that the source writes by a literal."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        found |= {one or other for one, other in WRITES.findall(path.read_text(encoding="utf-8"))}
    return found


def test_every_kind_of_line_has_a_name():
    kinds = written()

    assert {"people.deputy_ended", "account.closed", "webhooks.subscribed", "journal.verified"} <= kinds
    with override("zh-hans"):
        assert sorted(kinds - set(words.kinds())) == [], "give it a name in rooms/audit/words.py"


def test_no_name_is_for_a_kind_that_nobody_writes():
    with override("zh-hans"):
        assert sorted(set(words.kinds()) - written()) == []
