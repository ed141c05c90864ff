"""What only the tests need from the machine: a browser, Chinese fonts, pdfsig. What cannot be had is named."""

from __future__ import annotations

import os
import shutil
import subprocess

from ground.setup import LOGS, PYTHON, STAMPS, has_chinese_fonts, may_use_apt
from ground.steps import Progress, Step, Stop, run, take

CHROMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk", "poppler-utils")


def ready_for_tests() -> tuple[dict[str, str], list[str]]:
    """Get what is missing. Returns the environment for the tests and a sentence for each thing not to be had."""
    missing: list[str] = []
    wanted = [
        p
        for p, there in zip(
            PACKAGES, (bool(_chrome()), has_chinese_fonts(), bool(shutil.which("pdfsig"))), strict=True
        )
        if not there
    ]
    if wanted and may_use_apt():
        _apt(wanted, missing)
    if not _chrome() and not _playwright_browser():
        _download_browser(missing)
    if not has_chinese_fonts():
        missing.append("Chinese fonts (fonts-noto-cjk): screenshots show boxes")
    if not shutil.which("pdfsig"):
        missing.append("pdfsig (poppler-utils): signatures are verified by one program only")
    chrome = _chrome()
    return ({"HANGBIAO_CHROME": chrome} if chrome else {}), missing


def _chrome() -> str | None:
    named = os.environ.get("HANGBIAO_CHROME")
    return named or next((found for name in CHROMES if (found := shutil.which(name))), None)


def _apt(packages: list[str], missing: list[str]) -> None:
    log, quiet = LOGS / "apt.txt", {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        with Progress(f"Debian packages ({' '.join(packages)})"):
            run(["apt-get", "update"], log=log, sentence="apt-get update failed.", env=quiet)
            run(
                ["apt-get", "install", "-y", "--no-install-recommends", *packages],
                log=log,
                sentence="apt-get install failed.",
                env=quiet,
            )
    except Stop as stopped:
        missing.append(f"Debian packages {' '.join(packages)}: {str(stopped).splitlines()[0]}")


def _playwright_browser() -> bool:
    asked = (
        "from playwright.sync_api import sync_playwright as s; import os, sys\n"
        "with s() as p: sys.exit(not os.path.exists(p.chromium.executable_path))"
    )
    return subprocess.run([PYTHON, "-c", asked], capture_output=True, check=False).returncode == 0


def _download_browser(missing: list[str]) -> None:
    try:
        take(
            Step(
                "browser",
                "browser for the tests (Playwright's Chromium)",
                lambda: run(
                    [PYTHON, "-m", "playwright", "install", "chromium"],
                    log=LOGS / "browser.txt",
                    sentence="Playwright could not download a browser.",
                ),
                ["chromium"],
            ),
            STAMPS,
        )
    except Stop as stopped:
        missing.append(f"a browser: {str(stopped).splitlines()[0]} Tests in tests/browser are skipped.")
