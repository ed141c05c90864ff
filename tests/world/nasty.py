"""Files that nobody wants: bad cells, broken structures, and files broken at random. For the tests of the importer
and for the reliability figures, so that both break the same things."""

import random
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import openpyxl

from tests.world.orders import HEADER, order

GOOD_LINE = ",".join(order("A1", "2025-10-09", "100.00"))
HEAD_LINE = ",".join(HEADER)

# what is wrong → the cells that differ from a good line, the column it is told under, the value read, the reason
CELLS = {
    "unknown employee": ({"rep": "nobody"}, "业务员", "nobody", "没有编号为 nobody 的人员"),
    "unknown territory": ({"territory": "T404"}, "片区", "T404", "没有编号为 T404 的片区"),
    "text in a number": ({"amount": "一百元"}, "净额", "一百元", "应当是数字"),
    "1e999": ({"amount": "1e999"}, "净额", "1e999", "超过了"),
    "NaN": ({"amount": "NaN"}, "净额", "NaN", "NaN 和无穷大"),
    "infinity": ({"amount": "-Infinity"}, "净额", "-Infinity", "NaN 和无穷大"),
    "twenty digits": ({"amount": "12345678901234567890"}, "净额", "12345678901234567890", "不像真实数据"),
    "scientific with lost digits": ({"amount": "1.2345678901234567e3"}, "净额", "1.2345678901234567e3", "科学记数法"),
    "half a fen": ({"amount": "1.005"}, "净额", "1.005", "最多 2 位小数"),
    "currency sign": ({"amount": "¥100"}, "净额", "¥100", "不带单位"),
    "percent": ({"amount": "12%"}, "净额", "12%", "应当是数字"),
    "unexpected thousands": ({"amount": "1 000"}, "净额", "1 000", "应当是数字"),
    "full-width digits": ({"amount": "１００"}, "净额", "１００", "应当是数字"),
    "two points": ({"amount": "1.2.3"}, "净额", "1.2.3", "应当是数字"),
    "hexadecimal": ({"amount": "0x10"}, "净额", "0x10", "应当是数字"),
    "underscore": ({"amount": "1_000"}, "净额", "1_000", "应当是数字"),
    "an Excel error": ({"amount": "#N/A"}, "净额", "#N/A", "Excel 错误值"),
    "no amount": ({"amount": ""}, "净额", "", "不能为空"),
    "wrong date": ({"day": "2025-13-40"}, "日期", "2025-13-40", "格式的日期"),
    "day first": ({"day": "09/10/2025"}, "日期", "09/10/2025", "格式的日期"),
    "30 February": ({"day": "2026-02-30"}, "日期", "2026-02-30", "格式的日期"),
    "an Excel serial as date": ({"day": "45939"}, "日期", "45939", "读到的像数字"),
    "future date": ({"day": "2026-11-27"}, "日期", "2026-11-27", "日期在将来"),
    "before the product": ({"day": "1999-12-31"}, "日期", "1999-12-31", "早于 2000"),
    "year 9999": ({"day": "9999-12-31"}, "日期", "9999-12-31", "晚于 2100"),
    "no date": ({"day": " "}, "日期", "", "不能为空"),
    "no order": ({"number": ""}, "订单号", "", "不能为空"),
    "control character": ({"sku": "S\x07"}, "商品", "S\x07", "控制字符"),
    "a very long text": ({"outlet": "长" * 500}, "门店", "长" * 60, "超过 400 个字符"),
    "columns swapped: a date in the amount": ({"amount": "2025-10-09"}, "净额", "2025-10-09", "对调"),
}  # fmt: skip


def bad_order(what: str) -> list[str]:
    """An order line whose one bad cell is `what`."""
    given = {"number": "B1", "day": "2025-10-09", "amount": "5.00"} | CELLS[what][0]
    return order(given.pop("number"), given.pop("day"), given.pop("amount"), **given)


def _raw(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


# what is wrong with the whole file → its bytes, and a word of the reason
FILES = {
    "empty": (b"", "文件是空的"),
    "missing column": (_raw(f"{HEAD_LINE.replace('净额', '金额')}\n{GOOD_LINE}\n"), "净额"),
    "a near name is suggested": (_raw(f"{HEAD_LINE.replace('业务员', '业务 员')}\n{GOOD_LINE}\n"), "是不是“业务 员”"),
    "two headers of one name": (_raw(f"{HEAD_LINE},净额\n{GOOD_LINE},1\n"), "重名的列：净额"),
    "wrong delimiter": (_raw(f"{HEAD_LINE}\n{GOOD_LINE}\n".replace(",", ";")), "分隔符"),
    "NUL characters": (_raw(f"{HEAD_LINE}\n{GOOD_LINE}\nA\0B\n"), "空字符"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 40, "文本"),
    "a workbook named csv": (b"PK\x03\x04" + b"\x00" * 100, "Excel 工作簿"),
    "neither UTF-8 nor GBK": (_raw(HEAD_LINE) + b"\n\xff\xff\xff\xfe\xff\n", "编码"),
    "UTF-16 cut in half": ("\ufeff".encode("utf-16-le") + f"{HEAD_LINE}\n".encode("utf-16-le")[:-1], "编码"),
    "a quote that never ends": (_raw(f'{HEAD_LINE}\n"{GOOD_LINE}\n{GOOD_LINE}\n'), "引号没有配对"),
    "text after a closing quote": (_raw(f'{HEAD_LINE}\n"A"1,{GOOD_LINE}\n'), "第 2 行的引号"),
    "a line of two million characters": (_raw(f"{HEAD_LINE}\n{'9' * 2_000_000}\n"), "第 2 行超过"),
    "only blank lines": (b"\n\n\n", "列名"),
    "a header of blanks": (b",,,,\n1,2,3,4,5\n", "没有映射要用的列"),
}  # fmt: skip

NASTY = [
    b"", b"\0", b'"', b'""', b"\n", b"\r", b"\r\n", b",", b";", b"\xff\xfe", b"\xef\xbb\xbf", b"\x81", b"1e999", b"NaN",
    b"=1+1", b"-", b"2026-02-30", "\u202e".encode(), "\u2028".encode(), b"\x1a", b"9" * 400, b"," * 50, "é".encode("latin-1"),
]  # fmt: skip


def workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def order_cells(number: str, day: int = 9, amount: object = 5.0) -> list[object]:
    """A good order line as a workbook holds it, typed."""
    return [number, 1, datetime(2025, 10, day), amount, "O1", "S1", 2, "li.wei", "T1"]


def rewrite(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """Change one part inside a workbook's archive."""
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    parts[name] = change(parts[name])
    return _pack(path, parts)


def _pack(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def zip_bomb(path: Path) -> Path:
    """A workbook of a few hundred kilobytes that holds 400 MB."""
    workbook(path, [HEADER])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/worksheets/sheet2.xml", "w") as part:
        for _ in range(400):
            part.write(b"0" * 1_000_000)
    return path


def entity_bomb(path: Path) -> Path:
    """A workbook whose sheet declares entities that would grow when expanded."""
    workbook(path, [HEADER, order_cells("A1")])
    bomb = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY c "&a;&a;&a;&a;">]>'
    return rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: bomb + xml.replace(b"A1</", b"&c;</"))


def break_bytes(content: bytes, dice: random.Random, hits: int) -> bytes:
    """Put something nasty at random places, over up to three bytes."""
    broken = bytearray(content)
    for _ in range(hits):
        place = dice.randrange(len(broken) + 1)
        broken[place : place + dice.randrange(4)] = dice.choice(NASTY)
    return bytes(broken)


def break_cells(rows: Sequence[Sequence[str]], dice: random.Random, hits: int) -> list[list[str]]:
    """Keep the file whole and spoil its content: other cells, swapped columns, rows twice, short or gone."""
    broken = [list(row) for row in rows]
    for _ in range(hits):
        row = broken[dice.randrange(len(broken))]
        deed = dice.randrange(6)
        if deed <= 1 and row:
            row[dice.randrange(len(row))] = dice.choice(WORDS)
        elif deed == 2:
            one, other = dice.randrange(len(rows[0])), dice.randrange(len(rows[0]))
            for line in broken:
                if len(line) > max(one, other):
                    line[one], line[other] = line[other], line[one]
        elif deed == 3:
            broken.insert(dice.randrange(len(broken) + 1), list(row))
        elif deed == 4:
            del row[dice.randrange(len(row) + 1) :]
        elif len(broken) > 1:
            broken.remove(row)
    return broken


WORDS = [
    "", " ", "0", "-1", "1e999", "NaN", "=1+1", "2026-02-30", "2025-10-09", "9999-12-31", "1899-12-30", "li.wei", "T1", "T2",
    "sales", "C", "R1", "T-A", "a/b", "a-b", "长" * 60, "x" * 100, "y" * 500, "\u202e", "\0", "\x07", "'; drop table x; --",
    "是", "rep", "hrbp", "company", "team", "2025Q4", "2031Q4", "months:50/50", "99999999999999999999", "0.001", "１２",
]  # fmt: skip


def break_workbook(path: Path, dice: random.Random, hits: int) -> None:
    """Break the archive itself, or the XML inside of a whole archive."""
    if dice.random() < 0.5:
        content = bytearray(path.read_bytes())
        for _ in range(hits):
            content[dice.randrange(len(content))] = dice.randrange(256)
        path.write_bytes(bytes(content))
    else:
        break_part(path, dice, hits)


def break_part(path: Path, dice: random.Random, hits: int) -> None:
    """Break the XML inside, so that the archive itself is whole."""
    with zipfile.ZipFile(path) as archive:
        parts = {n: bytearray(archive.read(n)) for n in archive.namelist()}
    name = dice.choice(sorted(parts))
    for _ in range(hits):
        place = dice.randrange(len(parts[name]) + 1)
        parts[name][place : place + dice.randrange(3)] = dice.choice(
            [*NASTY, b"<", b"</row>", b'r="ZZZ9"', b"&amp;"]
        )
    _pack(path, {part: bytes(content) for part, content in parts.items()})
