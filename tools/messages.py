"""Find every text that the program says, and report which ones the English catalogue lacks or no longer needs.

python tools/messages.py            lists what is missing, left over or unmarked; exit code 1 if anything is
python tools/messages.py --write    writes the catalogue: known translations kept, new ones empty, unused ones gone
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "hangbiao"
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
WORDS = {"_", "gettext", "gettext_lazy", "gettext_noop", "lazy", "ngettext"}


def found() -> dict[str, set[str]]:
    """Text → the files that say it."""
    texts: dict[str, set[str]] = {}
    for path, text in [*_python(), *_templates()]:
        texts.setdefault(text, set()).add(path.relative_to(SOURCE).as_posix())
    return texts


def _python() -> Iterator[tuple[Path, str]]:
    """Calls of the translating functions, also those inside f-strings (which Babel's reader does not see)."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _name(node.func) in WORDS:
                yield from (
                    (path, a.value)
                    for a in node.args
                    if isinstance(a, ast.Constant) and isinstance(a.value, str)
                )


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _templates() -> Iterator[tuple[Path, str]]:
    """Django's own translation of a template into something that reads like Python."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        yield from (
            (path, text) for text in _extract(templatize(path.read_text(), origin=str(path)).encode())
        )


def _extract(source: bytes) -> Iterator[str]:
    from babel.messages.extract import extract

    for _line, message, _comments, _context in extract(
        "python", io.BytesIO(source), keywords=dict.fromkeys(WORDS)
    ):
        texts = message if isinstance(message, tuple) else (message,)
        yield from (text for text in texts if text)


CHINESE = re.compile("[\u4e00-\u9fff]")
# Chinese that is data or reaches no reader of the program's English pages.
NOT_SAID = (
    "site/demo/",  # the demo company's own names and files
    "packs/",
    "adapters/",  # words that customers' files use
    "engines/pages/dates.py", "engines/pages/numbers.py", "rooms/board/tiles.py",  # both languages stand side by side there
    "rooms/actuals/convert.py", "rooms/actuals/drafting/", "rooms/actuals/returned.py",  # words of files, not of ours
    "site/trial.py",
)  # fmt: skip
BOTH_LANGUAGES = {"engines/pages/templates/pages/500_plain.html", "engines/pages/templates/pages/_switches.html"}


def unmarked() -> list[str]:
    """Chinese in code or templates that no translating function sees: `# zh: why` on its line (or the one above) excuses it."""
    return sorted([*_unmarked_python(), *_unmarked_templates()])


def _unmarked_python() -> Iterator[str]:
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if name.startswith(NOT_SAID) or "/migrations/" in name:
            continue
        text = path.read_text()
        if not CHINESE.search(text):
            continue
        tree, lines = ast.parse(text), text.splitlines()
        said = {id(a) for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) in WORDS for a in node.args}
        said |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value)):
                continue
            near = lines[max(node.lineno - 2, 0) : node.lineno]
            if id(node) not in said and not any("# zh:" in line for line in near):
                yield f"{name}:{node.lineno}: {node.value[:40]!r}"


def _unmarked_templates() -> Iterator[str]:
    """What is left of a template once its tags, its variables and its translated blocks are gone."""
    blocks = r"{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}|{%\s*comment.*?{%\s*endcomment\s*%}|{#.*?#}"
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        name = path.relative_to(SOURCE).as_posix()
        bare = re.sub(blocks, "", path.read_text(), flags=re.DOTALL)
        for number, line in enumerate(bare.splitlines(), 1):
            tags = re.findall(r"{%.*?%}|{{.*?}}", line)
            loose = re.sub(r"{%.*?%}|{{.*?}}", "", line)
            marked = [t for t in tags if re.match(r"{%\s*(translate|trans)\b", t) or "_(" in t]
            loose += "".join(t for t in tags if t not in marked)
            if CHINESE.search(loose) and name not in BOTH_LANGUAGES:
                yield f"{name}:{number}: {''.join(CHINESE.findall(loose))[:40]!r}"


def known() -> dict[str, str]:
    """Text → its English."""
    from babel.messages.pofile import read_po

    if not CATALOGUE.exists():
        return {}
    with CATALOGUE.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


def missing() -> list[str]:
    """Texts without an English translation."""
    english = known()
    return sorted(text for text in found() if not english.get(text))


def left_over() -> list[str]:
    """Translations that nobody says any more."""
    return sorted(known().keys() - found().keys())


def write(added: dict[str, str] | None = None) -> None:
    """Write the catalogue anew: one entry per text, sorted, without line numbers (they would change with every edit)."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    english = known() | (added or {})
    catalogue = Catalog(locale="en", project="hangbiao", charset="utf-8", fuzzy=False)
    for text, files in sorted(found().items()):
        catalogue.add(text, english.get(text, ""), locations=[(name, None) for name in sorted(files)])
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    write_po(written, catalogue, sort_output=True, width=110, omit_header=False)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', "# ")
    lines = [line for line in written.getvalue().decode().splitlines() if not line.startswith(dated)]
    CATALOGUE.write_text("\n".join(lines).strip() + "\n")


def main() -> int:
    if "--write" in sys.argv:
        write()
    for text in missing():
        print(f"no English: {text!r}")
    for text in left_over():
        print(f"nobody says: {text!r}")
    for place in unmarked():
        print(f"not marked: {place}")
    return bool(missing() or left_over() or unmarked())


if __name__ == "__main__":
    sys.exit(main())
