"""The import contracts hold, and each of them catches what it is there for: a violation is planted in a copy."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

PLANTS = {
    "1 Imports go down the hill": [
        {"rooms/targets/planted.py": "import hangbiao.rooms.board"},
        {"engines/policy/planted.py": "import hangbiao.rooms.people"},
        {"engines/scope/planted.py": "import hangbiao.engines.policy"},
        {"rooms/actuals/planted.py": "import hangbiao.adapters.files"},
        {"rooms/lights/planted.py": "import hangbiao.site.clock"},
        {"engines/workdays/planted.py": "import hangbiao.engines.policy"},
        {"engines/formula/planted.py": "import hangbiao.engines.policy"},
        {"engines/files/planted.py": "import hangbiao.engines.pages"},
        {"engines/pages/planted.py": "import hangbiao.engines.api"},
        {"engines/api/planted.py": "import hangbiao.rooms.people"},
        {"engines/outbox/planted.py": "import hangbiao.engines.webhooks"},
        {"engines/schedules/planted.py": "import hangbiao.engines.outbox"},
        {"engines/webhooks/planted.py": "import hangbiao.engines.api"},
        {"rooms/studio/planted.py": "import hangbiao.rooms.board"},
        {"rooms/reviews/planted.py": "import hangbiao.rooms.desk"},
        {"engines/flows/planted.py": "import hangbiao.rooms.people"},
        {"engines/notify/planted.py": "import hangbiao.engines.flows"},
        {"engines/notify/planted.py": "import hangbiao.adapters.wecom"},
        {"rooms/audit/planted.py": "import hangbiao.rooms.desk"},
        {"engines/papers/planted.py": "import hangbiao.rooms.board"},
        {"engines/papers/planted.py": "import hangbiao.engines.api"},
    ],
    "2 The core is pure": [
        {"core/planted.py": "import time"},
        {"core/planted.py": "from django.utils import timezone"},
        {"core/planted.py": "import numpy"},
        {"core/planted.py": "import random"},
    ],
    "3 Only targets touches the tables": [
        {"rooms/lights/planted.py": "from hangbiao.rooms.targets.models import Target"}
    ],
    "3 Only people touches the tables": [
        {"rooms/board/planted.py": "from hangbiao.rooms.people import models"}
    ],
    "3 Only calendar touches the tables": [
        {"rooms/board/planted.py": "import hangbiao.rooms.calendar.models"}
    ],
    "3 Only actuals touches the tables": [{"rooms/board/planted.py": "import hangbiao.rooms.actuals.models"}],
    "3 Only lights touches the tables": [{"rooms/board/planted.py": "import hangbiao.rooms.lights.models"}],
    "3 Only reviews touches the tables": [{"rooms/desk/planted.py": "import hangbiao.rooms.reviews.models"}],
    "3 Only desk touches the tables": [{"site/planted.py": "import hangbiao.rooms.desk.models"}],
    "4 The board reads": [
        {"rooms/board/planted.py": "from hangbiao.rooms.lights import services"},
        {"rooms/board/planted.py": "import hangbiao.engines.journal.services"},
    ],
    "5 No circles among siblings": [
        {
            "core/planted_a.py": "import hangbiao.core.planted_b",
            "core/planted_b.py": "import hangbiao.core.planted_a",
        },
    ],
}
EACH = [(contract, plant) for contract, plants in PLANTS.items() for plant in plants]


@dataclass(frozen=True)
class Answer:
    """What import-linter says: each contract's verdict, and under its name the imports that broke it."""

    verdicts: dict[str, str]
    reasons: dict[str, str]


def numbered(n: int, plant: dict[str, str]) -> dict[str, str]:
    """The same violation in files of its own, so that all can be planted in one copy and each be told from the others."""
    return {path.replace("planted", f"planted{n}"): line.replace("planted", f"planted{n}") for path, line in plant.items()}


def asked(folder: Path) -> Answer:
    """import-linter's own words, contract by contract."""
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as c; c()",
        "--no-cache",
    ]
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "NO_COLOR": "1", "COLUMNS": "200"}
    said = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    found = dict(re.findall(r"^(.+?) (KEPT|BROKEN)(?: \(.*\))?$", said.stdout, re.MULTILINE))
    assert found, said.stdout + said.stderr
    told = said.stdout.partition("Broken contracts")[2]
    parts = re.split(rf"^({'|'.join(map(re.escape, found))})$", told, flags=re.MULTILINE)
    return Answer(found, dict(zip(parts[1::2], parts[2::2], strict=True)))


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Answer:
    """The answer about a copy in which every violation stands."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(
        REPOSITORY / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "build", "*.po", "*.mo")
    )
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    for n, (_contract, plant) in enumerate(EACH):
        for path, line in numbered(n, plant).items():
            (folder / "src" / "hangbiao" / path).write_text(line + "\n")
    return asked(folder)


def test_the_house_keeps_every_import_contract():
    broken = [contract for contract, verdict in asked(REPOSITORY).verdicts.items() if verdict != "KEPT"]

    assert broken == []


@pytest.mark.parametrize("n", range(len(EACH)), ids=[f"{c[:1]} {next(iter(p.values()))}" for c, p in EACH])
def test_a_planted_violation_breaks_its_contract(n, planted):
    contract, plant = EACH[n]
    reasons = next(said for name, said in planted.reasons.items() if name.startswith(contract))

    for path in numbered(n, plant):
        assert re.search(rf"\.{Path(path).stem}\b", reasons), reasons


def test_every_contract_has_a_planted_violation_and_is_broken_by_it(planted):
    assert all(any(name.startswith(contract) for contract in PLANTS) for name in planted.verdicts)
    assert set(planted.verdicts.values()) == {"BROKEN"}
