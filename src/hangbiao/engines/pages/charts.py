"""Bullet, spark and meter as SVG text. Every figure is a share of the base; coordinates are percent, so width is free."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hangbiao.engines.pages.markup import drawn
from hangbiao.engines.pages.numbers import percent, whole_percent

ROW_TOP = Fraction(135, 100)  # row bullets share one scale, so that lengths compare down the column
SPARK_LOW, SPARK_HIGH = 0.1, 1.4
ROOM_RIGHT = 82  # percent: right of it no label fits any more


@dataclass(frozen=True, slots=True)
class Bar:
    """What a bullet shows, as shares of the base (1 = base reached)."""

    attained: Fraction
    pace: Fraction
    stretch: Fraction | None = None
    low: Fraction | None = None
    point: Fraction | None = None
    high: Fraction | None = None

    @property
    def ceiling(self) -> Fraction:
        """The stretch, or the base where there is none."""
        return self.stretch or Fraction(1)

    @property
    def said(self) -> str:
        """The drawing in words."""
        text = _("完成 %(a)s，今日应达 %(b)s") % {"a": percent(self.attained), "b": percent(self.pace)}
        if self.stretch is not None:
            text += _("，挑战目标 %(c)s") % {"c": whole_percent(self.stretch)}
        if self.point is not None:
            text += _("，预测 %(d)s") % {"d": whole_percent(self.point)}
        return text


def _at(value: Fraction, top: Fraction) -> float:
    return float(max(Fraction(0), min(value / top, Fraction(1))) * 100)


def bullet(bar: Bar, height: int = 14) -> SafeString:
    """A row's bullet: bar = actual, tints = base and stretch, tick = where today should be."""
    y, pace = (height - 6) / 2, f"{_at(bar.pace, ROW_TOP):.2f}%"
    return drawn(
        f'<svg class="bullet" width="100%" height="{height}" role="img" aria-label="{escape(bar.said)}">'
        + "".join(
            f'<rect class="{css}" y="{y}" width="{_at(value, ROW_TOP):.2f}%" height="6"/>'
            for css, value in (("b-st", bar.ceiling), ("b-ba", Fraction(1)), ("b-ac", bar.attained))
        )
        + f'<line class="b-ph" x1="{pace}" x2="{pace}" y1="{y}" y2="{y + 6}"/>'
        f'<line class="b-pa" x1="{pace}" x2="{pace}" y1="1" y2="{height - 1}"/></svg>'
    )


def _label(x: float, y: int, text: str, *, clear: float = 12) -> str:
    anchor = "start" if x < clear else "end" if x > 100 - clear else "middle"
    return f'<text x="{x:.2f}%" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def bullet_big(bar: Bar, base: str = "", stretch: str = "") -> SafeString:
    """A bullet with a scale of its own and direct labels; `base` and `stretch` are the amounts as text."""
    top = max(bar.ceiling, bar.attained, bar.pace, bar.high or Fraction(0), Fraction(1))
    pace = _at(bar.pace, top)
    parts = [
        _label(min(pace, 62 if stretch else 82), 12, f"{_('今日应达')} {whole_percent(bar.pace)}", clear=14)
    ]
    if bar.stretch is not None:
        parts.append(
            '<text x="100%" y="12" text-anchor="end">'
            + escape((_("挑战") + " " + stretch).strip())
            + "</text>"
        )
    parts += [
        f'<rect class="{css}" y="24" width="{_at(value, top):.2f}%" height="14"/>'
        for css, value in (("b-st", bar.ceiling), ("b-ba", Fraction(1)), ("b-ac", bar.attained))
    ]
    if bar.low is not None and bar.high is not None:
        parts.append(
            f'<line class="b-fc" x1="{_at(bar.low, top):.2f}%" x2="{_at(bar.high, top):.2f}%" y1="31" y2="31"/>'
        )
    if bar.point is not None:
        parts.append(f'<circle class="b-fd" cx="{_at(bar.point, top):.2f}%" cy="31" r="4"/>')
    parts.append(
        f'<line class="b-ph" x1="{pace:.2f}%" x2="{pace:.2f}%" y1="24" y2="38"/>'
        f'<line class="b-pa" x1="{pace:.2f}%" x2="{pace:.2f}%" y1="18" y2="44"/>'
    )
    parts.append(_below(bar, top, base))
    label = escape(bar.said)
    return drawn(
        f'<svg class="bullet big" width="100%" height="64" role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )


def _below(bar: Bar, top: Fraction, base: str) -> str:
    """The labels below: base left of its mark, forecast under its own, or both in one line where they would touch."""
    end, name = _at(Fraction(1), top), (_("基准") + " " + base).strip()
    at = _at(bar.point, top) if bar.point is not None else None
    forecast = f"{_('预测')} {whole_percent(bar.point)}"
    if at is not None and end - (46 if base else 20) < at <= max(end, ROOM_RIGHT):
        return f'<text x="{end:.2f}%" y="60" text-anchor="end">{escape(f"{forecast} · {name}")}</text>'
    labels = f'<text x="{end:.2f}%" y="60" text-anchor="end">{escape(name)}</text>'
    if at is None:
        return labels
    beyond = f'<text x="{end + 2:.2f}%" y="60">{escape(forecast)}</text>'
    return labels + (beyond if at > end else _label(at, 60, forecast, clear=10))


def meter(done: int, of: int, label: str) -> SafeString:
    """A plain bar of done against planned."""
    share = 100 * min(done, of) / of if of else 0
    return drawn(
        f'<svg class="bullet" width="100%" height="12" role="img" aria-label="{escape(label)}">'
        '<rect class="b-ba" width="100%" height="8" y="2" rx="1"/>'
        f'<rect class="b-ac" width="{max(share, 0):.1f}%" height="8" y="2" rx="1"/></svg>'
    )


def spark(weekly: Sequence[float], width: int = 84, height: int = 24) -> SafeString:
    """Weekly actual against weekly plan, shaded to the line of 100 %; one fixed scale, so rows compare."""
    if not weekly:
        return drawn("")

    def y(share: float) -> float:
        inside = min(SPARK_HIGH, max(SPARK_LOW, share))
        return height - 2 - (inside - SPARK_LOW) / (SPARK_HIGH - SPARK_LOW) * (height - 4)

    step = (width - 6) / max(len(weekly) - 1, 1)
    line = " ".join(f"{3 + n * step:.0f},{y(share):.1f}" for n, share in enumerate(weekly))
    last, plan = 3 + (len(weekly) - 1) * step, f"{y(1):.1f}"
    said = " ".join(f"{share * 100:.0f}%" for share in weekly)
    return drawn(
        f'<svg class="spark" width="{width}" height="{height}" role="img" aria-label="{escape(_("每周完成率"))} {said}">'
        f'<polygon points="3,{plan} {line} {last:.0f},{plan}"/><line class="s-b" x1="0" x2="{width}" y1="{plan}" y2="{plan}"/>'
        f'<polyline points="{line}"/><circle class="s-d" cx="{last:.0f}" cy="{y(weekly[-1]):.1f}" r="2.2"/></svg>'
    )
