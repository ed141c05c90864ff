"""An answer as text, whatever it was sent as: page, JSON, table file, workbook, document."""

import io
import json
import shutil
import subprocess
import zipfile
from typing import Any

TOLD = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Trigger", "Content-Disposition", "ETag")


def text_of(response: Any) -> str:
    """Body and telling headers."""
    body = b"".join(response.streaming_content) if getattr(response, "streaming", False) else response.content
    said = "".join(f"{name.lower()}: {response.headers[name]}\n" for name in TOLD if name in response.headers)
    return said + _body(body, response.headers.get("Content-Type", ""))


def _body(body: bytes, kind: str) -> str:
    if body.startswith(b"PK\x03\x04"):
        return _packed(body)
    if body.startswith(b"%PDF"):
        return _document(body)
    text = body.decode("utf-8-sig", errors="replace")
    if "json" in kind and text.strip():
        return json.dumps(json.loads(text), ensure_ascii=False, indent=0)
    return text


def _packed(body: bytes) -> str:
    """A workbook (or an archive): the text of every part, nested ones included."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(
            _body(archive.read(name), "")
            for name in sorted(archive.namelist())
            if not name.startswith("docProps/")  # when it was made
        )


def _document(body: bytes) -> str:
    """A PDF through pdftotext. Without it a leak could hide there, so that is an error and no silence."""
    tool = shutil.which("pdftotext")
    if tool is None:
        raise RuntimeError("pdftotext (poppler-utils) is needed to read the PDF that a row answers with")
    return subprocess.run([tool, "-layout", "-", "-"], input=body, capture_output=True, check=True).stdout.decode()
