"""Walk the source, hand each file to each rule, leave out lines that carry a skip mark."""

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

Rule = Callable[["File"], Iterable[tuple[int, str]]]


@dataclass(frozen=True)
class File:
    """One source file, parsed once; `path` is relative to the package, with forward slashes."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def is_in(self, *places: str) -> bool:
        return any(self.path == p or self.path.startswith(p + "/") for p in places)


def files(package: Path) -> Iterator[File]:
    for path in sorted(package.rglob("*.py")):
        yield File(path.relative_to(package).as_posix(), path.read_text(encoding="utf-8"))


def findings(package: Path, rule: Rule) -> list[str]:
    """Every breach of `rule` under `package`, as `path:line: sentence`."""
    code = rule.__name__.replace("_", "-")
    return [
        f"{file.path}:{line}: {sentence}"
        for file in files(package)
        for line, sentence in _breaches(file, rule)
        if f"# lint-skip: {code}" not in (file.lines[line - 1] if file.lines else "")
    ]


def _breaches(file: File, rule: Rule) -> list[tuple[int, str]]:
    try:
        return list(rule(file))
    except SyntaxError as wrong:
        return [(wrong.lineno or 1, f"this Python cannot read it: {wrong.msg}")]
