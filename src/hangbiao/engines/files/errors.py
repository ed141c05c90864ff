"""What is not taken in, each with a sentence that says what to do."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


class FileRefusal(Exception):
    """Base: `sentence()` is for people."""

    status = 400

    def sentence(self) -> str:
        return str(self)


@dataclass
class Empty(FileRefusal):
    """A file of no bytes."""

    name: str

    def sentence(self) -> str:
        return _("%(name)s 是空的（0 字节），没有接收。请检查后重新选择。") % {"name": self.name}


@dataclass
class TooLarge(FileRefusal):
    """More than the limit."""

    name: str
    megabytes: int
    status = 413

    def sentence(self) -> str:
        said = {"name": self.name, "limit": self.megabytes}
        if not self.name:
            return _("文件超过了 %(limit)s MB 的上限，没有接收。请压缩或拆开以后再传。") % said
        return _("%(name)s 超过了 %(limit)s MB 的上限，没有接收。请压缩或拆开以后再传。") % said


@dataclass
class UnknownKind(FileRefusal):
    """Not one of the kinds that are kept, whatever the name says."""

    name: str

    def sentence(self) -> str:
        said = _("%(name)s 的内容不是照片、PDF、Word（DOCX）或录音，没有接收。改了扩展名的文件也不行：请传原来的文件。")
        return said % {"name": self.name}


@dataclass
class Spoilt(FileRefusal):
    """The kept bytes are gone, or are not what was kept."""

    sha256: str
    status = 503

    def sentence(self) -> str:
        return _("这个文件在服务器上读不到了，或已被改动。请联系管理员从备份恢复。")
