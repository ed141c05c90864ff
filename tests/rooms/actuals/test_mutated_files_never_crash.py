"""R4 of the reliability goals, a sample: files broken at random are refused or quarantined, never a crash, never half.

The full count is `./dev bench reliability --long`, with the same files broken in the same ways.
"""

import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world import found_company
from tests.world.attempts import attempt
from tests.world.broken import KINDS, broken_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
AT = datetime(2026, 11, 26, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def company() -> None:
    found_company()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_a_broken_file_is_refused_or_accounted_for_row_by_row(company, kind, seed):
    with tempfile.TemporaryDirectory() as folder:
        mapping, path = broken_file(Path(folder), kind, seed)

        assert attempt(mapping, path, AT).faults == ()
