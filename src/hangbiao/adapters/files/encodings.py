"""Find out how a text file is encoded, and look through it once before anything is parsed."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from hangbiao.rooms.actuals.errors import FileRefused

BLOCK = 1 << 20
LONGEST_LINE = 1_000_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over the whole file found."""

    encoding: str
    longest_line: int
    has_quotes: bool
    lines: int


class _Undecodable(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def survey(path: Path, *, declared: str, quote: str) -> Survey:
    """Choose the encoding: a declared one wins; else the BOM, else strict UTF-8, else GB 18030 (which holds GBK).

    Refuses what is not text: undecodable bytes, NUL characters, a line longer than LONGEST_LINE.
    """
    last = _Undecodable(1)
    for encoding in _candidates(path, declared):
        try:
            return _look_through(path, encoding, quote)
        except _Undecodable as wrong:
            last = wrong if encoding != "gb18030" or declared != "auto" else last
    said = "UTF-8 / GBK" if declared == "auto" else declared
    raise FileRefused("encoding", line=last.line, encoding=said)


def _candidates(path: Path, declared: str) -> list[str]:
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        raise FileRefused("is_a_workbook")
    if declared != "auto":
        try:
            name = codecs.lookup(declared).name
        except LookupError:
            raise FileRefused("unknown_encoding", encoding=declared) from None
        return ["gb18030" if name in {"gbk", "gb2312"} else "utf-8-sig" if name == "utf-8" else name]
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return [encoding]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head[1::2]) > 0 and even < odd:
        return ["utf-16-le"]
    if even > 0.4 * len(head[::2]) > 0 and odd < even:
        return ["utf-16-be"]
    return ["utf-8", "gb18030"]


def _look_through(path: Path, encoding: str, quote: str) -> Survey:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    line, run, longest, quotes = 1, 0, 0, False
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeError as wrong:
                good = block[: getattr(wrong, "start", 0)]
                raise _Undecodable(line + good.count(b"\n")) from None
            if "\0" in text:
                raise FileRefused("nul_bytes", line=line + text[: text.index("\0")].count("\n"))
            pieces = text.split("\n") if "\n" in text else text.split("\r")
            lengths = [len(piece) for piece in pieces]
            lengths[0] += run
            worst = max(lengths)
            if worst > LONGEST_LINE:
                raise FileRefused("line_too_long", line=line + lengths.index(worst), limit=LONGEST_LINE)
            longest, run = max(longest, worst), lengths[-1]
            line += len(pieces) - 1
            quotes = quotes or quote in text
            if not block:
                return Survey(encoding, longest, quotes, line)
