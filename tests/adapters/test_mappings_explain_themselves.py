"""A wrong mapping is refused with the line and the key, before any file is touched."""

import pytest

from hangbiao.rooms.actuals.errors import MappingRefused
from hangbiao.rooms.actuals.mapping import load_all, load_folder, load_mapping
from tests.world.orders import ORDERS, mapping_folder

WRONG = {
    "an unknown stream": (("stream: order_lines", "stream: orders"), "没有数据流 orders"),
    "an unknown key": (("files:", "file:"), "不认识这个键"),
    "an unknown field": (("  quantity: 数量", "  amount: 数量"), "没有字段 amount"),
    "a required field missing": (("  day: 日期\n", ""), "缺少必需的字段 day"),
    "from and const at once": (("unit: CNY", "unit: CNY, const: 1"), "from 或 const"),
    "one sign for two things": (("unit: CNY", 'thousands: "."'), "不能相同"),
    "broken YAML": (("columns:", "columns: ["), "不是正确的 YAML"),
    "files outside the data folder": (("orders*.csv", "../orders.csv"), "files 要写"),
    "an impossible kind": (("stream: order_lines", "stream: order_lines\nformat: {kind: pdf}"), "只能是"),
    "a delimiter of two characters": (("stream: order_lines", 'stream: order_lines\nformat: {delimiter: "||"}'), "delimiter"),
    "columns beside a header": (("stream: order_lines", "stream: order_lines\nformat: {columns: [a]}"), "header: false"),
    "a key that is no column": (("stream: order_lines", "stream: order_lines\nkey: [order, visit]"), "key 里的 visit"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_mapping_names_the_trouble(what, tmp_path):
    (old, new), said = WRONG[what]
    path = mapping_folder(tmp_path, orders=ORDERS.replace(old, new))

    with pytest.raises(MappingRefused) as refused:
        load_mapping(path)

    assert said in str(refused.value)
    assert "orders.yaml" in str(refused.value)


def test_the_line_of_the_yaml_file_is_named(tmp_path):
    path = mapping_folder(
        tmp_path, orders=ORDERS.replace("  net_amount: {from: 净额, unit: CNY}", "  net_amount: {form: 净额}")
    )

    with pytest.raises(MappingRefused, match="第 9 行"):
        load_mapping(path)


def test_a_metric_over_a_field_that_is_no_number_is_refused(tmp_path):
    mapping_folder(tmp_path)
    (tmp_path / "metrics.yaml").write_text(
        "metrics: [{metric: m, name: m, unit: x, from: order_lines, measure: outlet}]"
    )

    with pytest.raises(MappingRefused, match="measure"):
        load_folder(tmp_path)


def test_mappings_run_master_data_first(tmp_path):
    mapping_folder(tmp_path)
    (tmp_path / "zz.yaml").write_text(
        "mapping: p\nstream: people\nfiles: p.csv\ncolumns: {person: a, name: b, role: {const: rep}}\n"
    )

    assert [m.stream for _path, m, _text in load_all(tmp_path)] == ["people", "order_lines"]


def test_an_empty_folder_says_that_nothing_is_there(tmp_path):
    with pytest.raises(MappingRefused, match="没有映射文件"):
        load_all(tmp_path)
