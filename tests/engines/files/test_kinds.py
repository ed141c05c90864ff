"""What a file is, is read from its bytes; what is not known is not kept."""

import io
import zipfile

import pytest

from hangbiao.engines.files.kinds import kind_of


def packed(*names):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return held.getvalue()


WORD = packed("[Content_Types].xml", "word/document.xml")
KNOWN = [
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpeg"),
    (b"\x89PNG\r\n\x1a\n\x00\x00", "png"),
    (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "webp"),
    (b"\x00\x00\x00\x18ftypheic\x00\x00", "heic"),
    (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
    (WORD, "docx"),
    (b"ID3\x04\x00\x00\x00", "mp3"),
    (b"\xff\xfb\x90\x64\x00\x00", "mp3"),
    (b"\xff\xf1\x50\x80\x00\x00", "aac"),
    (b"\x00\x00\x00\x1cftypM4A \x00\x00", "m4a"),
    (b"RIFF\x24\x00\x00\x00WAVEfmt ", "wav"),
    (b"OggS\x00\x02", "ogg"),
    (b"#!AMR\n", "amr"),
]
UNKNOWN = {
    "a Windows program": b"MZ\x90\x00\x03\x00\x00\x00",
    "a Linux program": b"\x7fELF\x02\x01\x01",
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a drawing with a script": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
    "a packed folder": packed("notes.txt"),
    "a workbook": packed("[Content_Types].xml", "xl/workbook.xml"),
    "Word with a macro": packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "half a Word file": WORD[: len(WORD) // 2],
    "a PDF mark that stands later": b"MZ%PDF-1.7",
    "nothing but set bits": b"\xff\xff\xff\xff",
    "one byte": b"\xff",
}


@pytest.mark.parametrize(("content", "code"), KNOWN, ids=lambda v: v if isinstance(v, str) else "")
def test_a_kind_is_known_by_its_bytes_whatever_the_name(tmp_path, content, code):
    path = tmp_path / "wrong.exe"
    path.write_bytes(content)

    assert kind_of(path).code == code


@pytest.mark.parametrize("content", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_is_no_evidence_is_not_known(tmp_path, content):
    path = tmp_path / "minutes.pdf"
    path.write_bytes(content)

    assert kind_of(path) is None
