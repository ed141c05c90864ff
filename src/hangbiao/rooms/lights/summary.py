"""The board as text: for a terminal, a log, a first look."""

from fractions import Fraction
from unicodedata import east_asian_width

from django.utils.translation import gettext as _

from hangbiao.core.quantity import print_ratio
from hangbiao.rooms.lights.models import Run, UnitLight
from hangbiao.rooms.lights.wording import ratio_on
from hangbiao.rooms.people.selectors import unit_names
from hangbiao.rooms.targets.selectors import headline

TEXT_COLUMNS = 2
MARK = {"green": "●", "yellow": "▲", "red": "◆", "grey": "○"}


def board_as_text() -> str:
    """Company and regions of the newest run on the headline metric: light, attainment, pace, people per light."""
    run, metric = Run.objects.select_related("period").order_by("-as_of", "-pk").first(), headline()
    if run is None or metric is None:
        return _("还没有评定过。") + "\n"
    borders = [Fraction(run.policy[f"light.{name}"]) for name in ("yellow_below", "red_below")]
    names = unit_names(["company", "region"])
    rows = UnitLight.objects.filter(run=run, metric=metric, org_path__in=list(names)).order_by("org_path")
    words = {"green": _("绿灯"), "yellow": _("黄灯"), "red": _("红灯"), "grey": _("灰灯")}
    head = [_("单位"), _("灯"), _("完成"), _("对节奏"), _("红"), _("黄"), _("绿"), _("灰"), _("人数")]
    lines = [[*head]]
    for row in rows:
        done, pace = ratio_on(row, "cumulative"), ratio_on(row, "pace")
        lines.append(
            [
                names[row.org_path],
                f"{MARK[row.light]} {words[row.light]}",
                print_ratio(done, ()) if done is not None else "—",
                print_ratio(pace, borders) if pace is not None else "—",
                *(str(n) for n in (row.red, row.yellow, row.green, row.grey, row.people)),
            ]
        )
    title = _("%(period)s · %(metric)s · 截至 %(day)s（%(kind)s）") % {
        "period": run.period.code,
        "metric": metric.name,
        "day": run.as_of.isoformat(),
        "kind": _("正式灯") if run.kind == Run.Kind.CHECKPOINT else _("预览"),
    }
    widths = [max(_width(line[i]) for line in lines) for i in range(len(head))]
    body = "\n".join(
        "  ".join(
            _pad(cell, w, left=i < TEXT_COLUMNS) for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )
    return f"{title}\n{body}\n"


def _width(text: str) -> int:
    """Columns a terminal gives the text: Chinese characters take two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int, *, left: bool) -> str:
    space = " " * (width - _width(text))
    return text + space if left else space + text
