"""Order files as an administrator's mapping finds them, cell by cell, for the tests of the actuals room."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.world import ACTOR

if TYPE_CHECKING:
    from hangbiao.rooms.actuals.report import FileReport

METRICS = """
metrics:
  - {metric: sales, name: 销售额, name_en: Sales, unit: CNY, decimals: 2, from: order_lines, measure: net_amount}
  - {metric: visits, name: 客户拜访, name_en: Visits, unit: visit, from: visits_done}
  - {metric: new_outlets, name: 新开门店, name_en: New outlets, unit: outlet, from: outlets, where: {kind: customer}}
"""
ORDERS = """
mapping: orders
stream: order_lines
files: "orders*.csv"
columns:
  order: 订单号
  line: 行号
  day: 日期
  net_amount: {from: 净额, unit: CNY}
  outlet: 门店
  sku: 商品
  quantity: 数量
  rep: 业务员
  territory: 片区
"""
HEADER = ["订单号", "行号", "日期", "净额", "门店", "商品", "数量", "业务员", "片区"]


def mapping_folder(folder: Path, *, orders: str = ORDERS, metrics: str = METRICS) -> Path:
    """Write the mapping folder and give the path of the orders mapping."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metrics.yaml").write_text(metrics, encoding="utf-8")
    (folder / "orders.yaml").write_text(orders, encoding="utf-8")
    return folder / "orders.yaml"


def order(number: str, day: str, amount: str, **more: str) -> list[str]:
    """One order line as cells of HEADER; Li Wei's in T1 unless `rep` and `territory` say otherwise."""
    given = {
        "line": "1",
        "outlet": f"O-{number}",
        "sku": "S1",
        "quantity": "1",
        "rep": "li.wei",
        "territory": "T1",
    }
    given |= more
    return [number, given.pop("line"), day, amount, *given.values()]


def write_csv(path: Path, rows: Sequence[Sequence[str]], *, header: Sequence[str] = HEADER) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def send(mapping: Path, path: Path, at: datetime, *, dry_run: bool = False) -> "FileReport":
    """Put one file through the real import."""
    from hangbiao.rooms.actuals.services import import_file

    return import_file(mapping, path, at=at, actor=ACTOR, dry_run=dry_run)
