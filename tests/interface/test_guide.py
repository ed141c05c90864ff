"""The integrators' guide says nothing that does not work: its curl lines are run, its Python verifies a real message."""

import json
import re
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

GUIDES = Path(__file__).parents[2] / "docs" / "guide"


def blocks(name: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", (GUIDES / name).read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def served(company):
    """The company's house on a port."""
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=2)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    server.task_dispatcher.shutdown()


def test_both_languages_show_the_same_commands():
    for kind in ("sh", "python", "json"):
        assert blocks("integrator.md", kind) == blocks("integrator.zh.md", kind)


def test_every_curl_line_works_as_written(company, served):
    if not shutil.which("curl"):
        pytest.skip("curl is not here")
    environment = {"HANGBIAO": served, "HANGBIAO_KEY": company.key(), "PATH": "/usr/bin:/bin", "no_proxy": "*"}
    lines = [block for block in blocks("integrator.md", "sh") if "curl" in block]

    answers = []
    for line in lines:
        said = subprocess.run(["sh", "-c", line], env=environment, capture_output=True, text=True, check=False)
        assert said.returncode == 0, f"{line}\n{said.stdout}{said.stderr}"
        answers.append(json.loads(said.stdout))

    assert len(lines) == 7
    assert answers[0]["metric"] == "sales"
    assert answers[4]["booked"] == 1
    assert answers[6]["status"] == 422


def test_the_guides_python_knows_our_signature():
    from hangbiao.engines.webhooks.secrets import new_secret, signature

    told: dict = {}
    exec(blocks("integrator.md", "python")[0], told)
    secret, body = new_secret(), '{"id": "evt_1"}'
    headers = {
        "webhook-id": "evt_1", "webhook-timestamp": "1780000000",
        "webhook-signature": signature(secret, "evt_1", 1780000000, body),
    }  # fmt: skip

    assert told["is_ours"](secret, headers, body.encode())
    assert not told["is_ours"](secret, headers, body.encode() + b" ")
    assert not told["is_ours"](new_secret(), headers, body.encode())


def test_the_guide_names_every_scope_and_every_event():
    from hangbiao.engines.api.scopes import SCOPES
    from hangbiao.engines.journal.events import followed
    from hangbiao.engines.outbox.services import dotted

    for name in ("integrator.md", "integrator.zh.md"):
        text = (GUIDES / name).read_text()
        missing = [w for w in [*SCOPES, *(dotted(e.__name__) for e in followed())] if f"`{w}`" not in text]
        assert missing == []
