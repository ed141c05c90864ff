"""What a file is, read from its bytes: photos, PDF, DOCX and recordings. Everything else is unknown and not kept."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

HEAD = 4096
WORD = {"[Content_Types].xml", "word/document.xml"}
MOST_MEMBERS = 5_000
PHOTO, PAPER, SOUND = "photo", "paper", "sound"


@dataclass(frozen=True, slots=True)
class Kind:
    """`code` is kept, `mime` is what a download says, `family` is how pages speak of it."""

    code: str
    mime: str
    family: str
    ending: str


_ALL = (
    Kind("jpeg", "image/jpeg", PHOTO, "jpg"), Kind("png", "image/png", PHOTO, "png"), Kind("webp", "image/webp", PHOTO, "webp"),
    Kind("heic", "image/heic", PHOTO, "heic"), Kind("pdf", "application/pdf", PAPER, "pdf"),
    Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", PAPER, "docx"),
    Kind("mp3", "audio/mpeg", SOUND, "mp3"), Kind("m4a", "audio/mp4", SOUND, "m4a"), Kind("aac", "audio/aac", SOUND, "aac"),
    Kind("wav", "audio/wav", SOUND, "wav"), Kind("ogg", "audio/ogg", SOUND, "ogg"), Kind("amr", "audio/amr", SOUND, "amr"),
)  # fmt: skip
KINDS = {kind.code: kind for kind in _ALL}
_BEGINS = (
    (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"%PDF-", "pdf"), (b"ID3", "mp3"), (b"OggS", "ogg"),
    (b"#!AMR", "amr"),
)  # fmt: skip
_BRANDS = {
    b"heic": "heic", b"heix": "heic", b"mif1": "heic", b"msf1": "heic", b"M4A ": "m4a", b"M4B ": "m4a",
    b"mp42": "m4a", b"isom": "m4a", b"3gp4": "m4a", b"3gp5": "m4a",
}  # fmt: skip
ACCEPTED = ".jpg,.jpeg,.png,.webp,.heic,.pdf,.docx,.mp3,.m4a,.aac,.wav,.ogg,.amr,image/*,audio/*"


def kind_of(path: Path) -> Kind | None:
    """The kind of a file by its content, or None."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    code = next((code for begins, code in _BEGINS if head.startswith(begins)), "") or _boxed(head) or _frames(head)
    if not code and head.startswith(b"PK\x03\x04") and _is_word(path):
        code = "docx"
    return KINDS.get(code)


def _boxed(head: bytes) -> str:
    """RIFF and ISO containers say inside what they hold."""
    if head[:4] == b"RIFF":
        return {b"WAVE": "wav", b"WEBP": "webp"}.get(head[8:12], "")
    return _BRANDS.get(head[8:12], "") if head[4:8] == b"ftyp" else ""


def _frames(head: bytes) -> str:
    """MPEG audio without a tag: eleven set bits begin a frame, and the bits behind them must make sense."""
    if len(head) < 4 or head[0] != 0xFF:  # noqa: PLR2004
        return ""
    if head[1] & 0xF6 == 0xF0:  # noqa: PLR2004 - ADTS: layer is always 0
        return "aac"
    layer, rate = head[1] & 0x06, head[2] >> 4
    return "mp3" if head[1] & 0xE0 == 0xE0 and layer and rate not in {0, 15} else ""  # noqa: PLR2004


def _is_word(path: Path) -> bool:
    """A Word document without macros; nothing of it is unpacked."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return len(names) <= MOST_MEMBERS and set(names) >= WORD and not any(n.lower().endswith("vbaproject.bin") for n in names)
