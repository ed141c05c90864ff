"""What an import did, in numbers and in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from hangbiao.rooms.actuals.frames import RefusedRow
from hangbiao.rooms.actuals.sentences import joined, sentence

SHOWN = 20


@dataclass(slots=True)
class FileReport:
    """One file. `status`: booked, already (the very same file through the same mapping came before), refused."""

    file: str
    mapping: str
    stream: str
    status: str = "booked"
    batch: int | None = None
    rows_read: int = 0
    booked: int = 0
    superseded: int = 0
    unchanged: int = 0
    left_out: int = 0
    quarantined: int = 0
    suspected: int = 0
    repeated: int = 0
    daily_changed: int = 0
    first_day: date | None = None
    last_day: date | None = None
    effect: dict[str, int] = field(default_factory=dict)
    refused_file: str = ""  # where all rows of a file stand that was refused for some of them
    first_refused: tuple[str, str, str] = ("", "", "")  # column, reason, remedy
    refusals: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def refuse_file(self, code: str, facts: Mapping[str, object]) -> None:
        """The whole file is refused: nothing of it is booked."""
        self.status, self.batch = "refused", None
        self.booked = self.superseded = self.unchanged = self.daily_changed = 0
        self.refusals.insert(0, " ".join([f"{self.file}：", *sentence(code, facts)]))

    def refuse_rows(self, rows: list[RefusedRow]) -> None:
        """Count refused rows and say the first of them in full."""
        self.quarantined += len(rows)
        if rows and not any(self.first_refused):
            self.first_refused = (rows[0].column, *sentence(rows[0].why.code, rows[0].why.facts))
        for row in rows[: max(0, SHOWN - len(self.refusals))]:
            self.refusals.append(row_sentence(self.file, row))

    def lines(self) -> list[str]:
        """The report as text, one thought a line."""
        if self.status == "already":
            return [
                _("%(file)s：已导入（批次 %(batch)s），内容没有变化。")
                % {"file": self.file, "batch": self.batch}
            ]
        if self.status == "refused":
            return [_("%(file)s：没有入账。") % {"file": self.file}, *self.refusals, *self._all_rows(), *self.notices]
        counts = [
            (_("读到"), self.rows_read), (_("新入账"), self.booked - self.superseded), (_("更正"), self.superseded),
            (_("无变化"), self.unchanged), (_("映射排除"), self.left_out), (_("隔离"), self.quarantined),
            (_("疑似重复"), self.suspected),
        ]  # fmt: skip
        said = "，".join(f"{name} {count}" for name, count in counts if count or name == _("读到"))
        more = self.quarantined - len(self.refusals)
        rest = [_("……另有 %(n)s 行被隔离，可导出改正后重新发送。") % {"n": more}] if more > 0 else []
        return [f"{self.file}：{said}。", *self.refusals, *rest, *self.notices]


    def _all_rows(self) -> list[str]:
        """Where the rows stand that are not said here."""
        if self.refused_file:
            said = _("全部 %(n)s 行及原因写在 %(path)s。")
            return [said % {"n": self.quarantined, "path": self.refused_file}]
        more = self.quarantined - SHOWN
        return [_("……另有 %(n)s 行不能入账。") % {"n": more}] if more > 0 else []


@dataclass(slots=True)
class FolderReport:
    """All files of one run."""

    dry_run: bool = False
    files: list[FileReport] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def refused_files(self) -> list[FileReport]:
        return [f for f in self.files if f.status == "refused"]

    def total(self, name: str) -> int:
        return sum(getattr(f, name) for f in self.files)

    def lines(self) -> list[str]:
        """Everything, and where nothing was booked, why."""
        head = [_("试运行：以下结果没有入账。")] if self.dry_run else []
        said = [line for f in self.files for line in f.lines()]
        if not self.files:
            said.append(_("没有任何文件可以导入：数据目录里没有映射要找的文件。"))
        return [*head, *said, *self.notices]


def row_sentence(file: str, row: RefusedRow) -> str:
    """File, line, column, what was read, why, and what to do."""
    reason, remedy = sentence(row.why.code, row.why.facts)
    where = _("%(file)s 第 %(line)s 行") % {"file": file, "line": row.line}
    if row.column:
        where += _("，列“%(column)s”") % {"column": row.column}
        where += _("，读到“%(value)s”") % {"value": row.value[:60]} if row.value.strip() else _("，读到空值")
    return where + _("：") + joined(reason, remedy)
