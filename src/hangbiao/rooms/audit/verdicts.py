"""What a verification found, in sentences."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from hangbiao.engines.journal.models import Verification
from hangbiao.engines.pages.progress import Work
from hangbiao.rooms.audit import words

State = Verification.State


@dataclass(frozen=True, slots=True)
class Told:
    """`good` is None while nobody knows; `places` names where to look."""

    one: Verification
    what: str
    said: str
    good: bool | None
    places: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def moving(self) -> bool:
        return self.one.state != State.DONE

    @property
    def more(self) -> int:
        """Findings that are counted and not listed."""
        return self.one.broken + self.one.doubtful - len(self.places)


def told(one: Verification) -> Told:
    """The result in one sentence, with its counts."""
    what = title_of(one)
    if one.state != State.DONE:
        return Told(one, what, _("还在核对。"), None)
    counts = {"lines": f"{one.done:,}", "streams": one.streams, "broken": one.broken, "doubtful": one.doubtful}
    if one.broken:
        said = _("核对了 %(streams)s 条链的 %(lines)s 行，有 %(broken)s 处不符。请保留数据库现状，并请管理员从备份比对。")
    elif one.doubtful:
        said = _("核对了 %(streams)s 条链的 %(lines)s 行，全部相符；有 %(doubtful)s 处时间先后需要留意。")
    else:
        said = _("核对了 %(streams)s 条链的 %(lines)s 行，全部相符：没有改动、缺行或分叉。")
    places = [(f["stream"], f["n"], words.finding(f["code"])) for f in one.findings]
    return Told(one, what, said % counts, not one.broken, places)


def title_of(one: Verification) -> str:
    return _("核对“%(stream)s”链") % {"stream": words.stream(one.stream)} if one.stream else _("核对全部日志")


def work_of(one: Verification) -> Work:
    """The verification as the design system shows long work."""
    over = one.state == State.DONE
    return Work(
        title=title_of(one), state=one.state, done=min(one.done, one.total), total=one.total,
        status_href=reverse("audit:progress", args=[one.pk]),
        result_href=reverse("audit:verification", args=[one.pk]) if over else "",
    )  # fmt: skip
