"""The tools that judge the source, as tests, so that one closing line speaks for everything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

REPOSITORY = Path(__file__).parents[2]
TOOLS = {"ruff": ["ruff", "check", "."], "mypy": ["mypy"]}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_tool_finds_nothing(tool):
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    said = subprocess.run(
        [sys.executable, "-m", *TOOLS[tool]],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("import datetime\nx = datetime.datetime.now()", "TID251"),
        ("from datetime import date\nx = date.today()", "TID251"),
        ("from django.utils import timezone\nx = timezone.now()", "TID251"),
        ("import time\nx = time.time()", "TID251"),
        ("try:\n    x = 1\nexcept Exception:\n    pass", "BLE001"),
    ],
)
def test_ruff_refuses(line, code):
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--output-format=concise",
        "--stdin-filename",
        "src/hangbiao/rooms/lights/planted.py",
        "-",
    ]

    said = subprocess.run(
        command, cwd=REPOSITORY, input=line + "\n", capture_output=True, text=True, check=False
    )

    assert f" {code} " in said.stdout
