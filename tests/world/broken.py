"""One broken file of every kind, from a seed: order lines in three encodings and as workbooks, and every other stream."""

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path

from tests.world.nasty import break_bytes, break_cells, break_workbook, order_cells, workbook
from tests.world.orders import HEADER, METRICS, ORDERS, mapping_folder, order

Rows = list[list[str]]
MOST_HITS = 6
ENCODINGS = ("utf-8", "utf-8-sig", "gbk", "utf-16")

# stream → its mapping's columns, and a good file
STREAMS: dict[str, tuple[dict[str, str], Rows]] = {
    "units": (
        {"unit": "编号", "name": "名称", "kind": "类型", "parent": "上级", "province": "省"},
        [["R3", "闽东", "region", "", "福建"], ["T-C", "闽东一组", "team", "R3", ""], ["T-D", "闽东二组", "team", "R3", ""]],
    ),
    "people": (
        {"person": "工号", "name": "姓名", "role": "角色", "unit": "单位", "from": "生效", "to": "结束", "joined": "入职",
         "left": "离职", "username": "登录名"},
        [["li.wei", "李伟", "rep", "T-A", "2025-01-01", "", "2020-01-01", "", "li.wei"],
         ["new.one", "新人", "rep", "T-B", "", "", "2025-11-10", "", "new.one"],
         ["sun.li", "孙丽", "hrbp", "R2", "2025-10-01", "", "", "", ""],
         ["wang.fang", "王芳", "rep", "T-B", "2025-11-17", "", "", "", ""]],
    ),
    "territories": (
        {"territory": "片区", "name": "名称", "unit": "单位", "from": "生效", "to": "结束", "vacancy_owner": "空缺负责人"},
        [["T1", "一片", "T-A", "", "", "zhao.min"], ["T5", "五片", "T-B", "2025-10-01", "", ""]],
    ),
    "assignments": (
        {"territory": "片区", "person": "工号", "from": "开始", "to": "结束"},
        [["T1", "wang.fang", "2025-11-10", ""], ["T2", "li.wei", "2025-11-10", "2025-12-31"],
         ["T9", "deng.tao", "2025-01-01", ""]],
    ),
    "leaves": (
        {"person": "工号", "kind": "假别", "start": "开始", "end": "结束", "protected": "保护"},
        [["li.wei", "产假", "2025-12-08", "2025-12-19", "是"], ["wang.fang", "年假", "2025-12-08", "2025-12-09", "否"]],
    ),
    "targets": (
        {"period": "期间", "metric": "指标", "territory": "片区", "base": "基准", "stretch": "挑战", "phasing": "分解"},
        [["2025Q4", "sales", "T1", "900000", "1200000", "months:30/30/40"], ["2025Q4", "visits", "T1", "300", "", "even"],
         ["2026Q1", "sales", "T2", "800000.50", "", ""]],
    ),
    "outlets": (
        {"outlet": "门店", "name": "名称", "day": "开店", "lat": "纬度", "lng": "经度", "territory": "片区", "kind": "类型",
         "do_not_contact": "勿扰", "rep": "业务员"},
        [["O1", "张记", "2025-10-09", "31.2304167", "121.4737000", "T1", "customer", "否", "li.wei"],
         ["O2", "王记", "", "", "", "T1", "prospect", "是", ""]],
    ),
    "visits_done": (
        {"visit": "拜访", "day": "日期", "rep": "业务员", "outlet": "门店"},
        [["V1", "2025-10-09", "li.wei", "O1"], ["V2", "2025-10-10", "wang.fang", "O2"]],
    ),
    "visits_planned": (
        {"rep": "业务员", "day": "日期", "outlet": "门店", "route": "路线"},
        [["li.wei", "2025-10-09", "O1", "甲线"], ["li.wei", "2026-12-10", "O2", "乙线"]],
    ),
    "stockouts": (
        {"day": "日期", "territory": "片区", "sku_group": "品类", "outlet": "门店"},
        [["2025-10-09", "T1", "饮料", ""], ["2025-10-10", "T2", "零食", "O1"]],
    ),
    "territory_attributes": (
        {"territory": "片区", "attribute": "属性", "value": "数值", "source": "来源", "day": "日期"},
        [["T1", "population", "120000", "统计年鉴", "2025-01-01"], ["T2", "outlets", "310", "普查", "2025-01-01"]],
    ),
    "daily_totals": (
        {"day": "日期", "metric": "指标", "value": "数值", "rep": "业务员", "territory": "片区"},
        [["2025-10-09", "sales", "1000.55", "li.wei", "T1"], ["2025-10-10", "visits", "3", "wang.fang", ""]],
    ),
}  # fmt: skip


def _order_rows() -> Rows:
    return [order(f"A{n}", f"2025-10-{n:02}", f"{n * 7}.5", outlet="张记") for n in range(1, 9)]


def _text(rows: Rows) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _broken_text(rows: Rows, dice: random.Random) -> bytes:
    """Half of the files broken in their bytes, half in their cells."""
    encoding, hits = dice.choice(ENCODINGS), dice.randint(1, MOST_HITS)
    if dice.random() < 0.5:
        return break_bytes(_text(rows).encode(encoding), dice, hits)
    return _text(break_cells(rows, dice, hits)).encode(encoding, errors="replace")


def _orders(folder: Path, dice: random.Random) -> tuple[Path, Path]:
    path = folder / "orders_1.csv"
    path.write_bytes(_broken_text([HEADER, *_order_rows()], dice))
    return mapping_folder(folder / "mapping"), path


def _workbook(folder: Path, dice: random.Random) -> tuple[Path, Path]:
    path = workbook(folder / "orders_1.xlsx", [HEADER, *(order_cells(f"A{n}", n, n * 7.5) for n in range(1, 6))])
    break_workbook(path, dice, dice.randint(1, MOST_HITS))
    return workbook_mapping(folder / "mapping"), path


def workbook_mapping(folder: Path) -> Path:
    """The orders mapping, for workbooks."""
    text = ORDERS.replace("orders*.csv", "orders*.xlsx") + "format: {kind: xlsx}\n"
    return mapping_folder(folder, orders=text)


def _stream(stream: str) -> Callable[[Path, random.Random], tuple[Path, Path]]:
    def make(folder: Path, dice: random.Random) -> tuple[Path, Path]:
        path = folder / f"{stream}_1.csv"
        columns, rows = STREAMS[stream]
        path.write_bytes(_broken_text([list(columns.values()), *rows], dice))
        return stream_mapping(folder / "mapping", stream), path

    return make


def stream_mapping(folder: Path, stream: str) -> Path:
    """A mapping of one stream of STREAMS."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metrics.yaml").write_text(METRICS, encoding="utf-8")
    columns = "".join(f"  {field}: {column}\n" for field, column in STREAMS[stream][0].items())
    text = f"mapping: {stream}\nstream: {stream}\nfiles: '{stream}*.csv'\ncolumns:\n{columns}"
    path = folder / f"{stream}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


_MAKERS = {"orders": _orders, "workbook": _workbook} | {stream: _stream(stream) for stream in STREAMS}
KINDS = tuple(_MAKERS)


def broken_file(folder: Path, kind: str, seed: int) -> tuple[Path, Path]:
    """(mapping, file) of the asked kind; the same seed breaks it in the same way."""
    return _MAKERS[kind](folder, random.Random(f"{kind}/{seed}"))
