"""The shipped mappings fit the demo's files: every file is read by exactly one, and every column they name is there."""

import csv
from fnmatch import fnmatch
from pathlib import Path

import pytest
from openpyxl import load_workbook

import hangbiao
from hangbiao.rooms.actuals.mapping import load_all, load_folder
from hangbiao.site.demo.generate import generate

PACK = Path(hangbiao.__file__).parent / "packs" / "fmcg_sales"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo")
    generate(out, seed=7, reps=36, lines=20_000)
    return sorted((out / "files").iterdir())


def header(path, mapping):
    if path.suffix == ".xlsx":
        sheet = load_workbook(path, read_only=True).worksheets[0]
        return list(next(sheet.iter_rows(values_only=True)))
    encoding = {"auto": "utf-8-sig"}.get(mapping.format.encoding, mapping.format.encoding)
    with path.open(encoding=encoding, newline="") as file:
        return next(csv.reader(file, delimiter=mapping.format.delimiter))


def test_every_file_is_read_by_exactly_one_mapping(files):
    patterns = [m.files for _path, m, _text in load_all(PACK)]

    for path in files:
        assert sum(fnmatch(path.name, p) for p in patterns) == 1, path.name


def test_every_column_a_mapping_names_is_in_its_files(files):
    for _path, mapping, _text in load_all(PACK):
        own = [p for p in files if fnmatch(p.name, mapping.files)]
        assert own, mapping.files
        named = {c.source for c in mapping.columns.values() if c.source}
        for path in own:
            assert named <= set(header(path, mapping)), path.name


def test_the_three_metrics_are_counted_from_streams_of_the_folder():
    folder = load_folder(PACK)
    streams = {m.stream for _path, m, _text in load_all(PACK)}

    assert [m.metric for m in folder.metrics] == ["sales", "visits", "new_outlets"]
    assert {m.stream for m in folder.metrics} <= streams
    assert folder.company.endswith("（演示）")
