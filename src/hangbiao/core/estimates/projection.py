"""Where the period will end, how sure that is, and how likely a border is reached. Page: docs/rules/projection.md.

How far a unit runs ahead of or behind its forecast, at the point its peers had reached last year, is believed in part:
the share of belief is learnt from earlier periods at the same point.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hangbiao.core.estimates.peers import Bools, Floats, Ints, group_sum

_LEAST, _MOST = math.log(0.05), math.log(8.0)
# Without earlier periods to learn from: belief by share of the period gone.
_SHARES, _BELIEF = (0.0, 0.15, 0.38, 0.69, 0.9, 1.0), (0.3, 0.45, 0.70, 0.79, 0.85, 0.9)
# Student's t, one-sided 90 %, by degrees of freedom.
_T90 = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356)
Z90 = 1.2816
COVERAGE = 0.80
# A quantile of fewer errors says more about those few.
_ENOUGH_STRAYED = 40


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All units at one point of one period.

    `share`: how much of the period its peers had behind them at this point last year (0…1). `prior`: the forecast of
    the whole period made at its start. The trailing pair is the same for the last four weeks alone: sold in them, and
    the share that belongs to them; leave it out before week 5. `doubt`: how far the share may be off because last
    year's shape had to be re-laid around a holiday that moved (holidays.doubt).
    """

    actual: Floats
    share: Floats
    prior: Floats
    trailing_actual: Floats | None = None
    trailing_share: Floats | None = None
    doubt: Floats | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """What earlier periods teach about one point of the period."""

    near: float  # belief in a distance to the forecast that chance alone could make
    far: float  # belief in what goes beyond: something happened
    turn: float  # belief in the last four weeks where they fell clearly below the period so far
    reach: float  # how far units stand from their forecast by chance
    noise: float  # how much the last four weeks differ from the period so far by chance
    half_width: Floats  # of the 80 % range of the log remainder, by volatility group
    quarters: int
    strayed_half_width: float = math.nan  # of units that something happened to; NaN: too few ever strayed

    @property
    def beliefs(self) -> Floats:
        return np.array([self.near, self.far, self.turn])


@dataclass(frozen=True, slots=True)
class Projection:
    """Point and 80 % range of the end, per unit. Without earlier periods the range is NaN: not known, not narrow."""

    actual: Floats
    remainder: Floats
    half_width: Floats

    @property
    def point(self) -> Floats:
        return self.actual + self.remainder

    @property
    def low(self) -> Floats:
        return self.actual + self.remainder * np.exp(-self.half_width)

    @property
    def high(self) -> Floats:
        return self.actual + self.remainder * np.exp(self.half_width)

    def prob_at_least(self, bar: Floats) -> Floats:
        """The probability of ending at `bar` or above, such as 0.70 × target. NaN where the range is not known."""
        missing = bar - self.actual
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = np.log(self.remainder / missing) / (self.half_width / Z90)
        certain = np.where(missing <= 0, 1.0, np.where(self.remainder <= 0, 0.0, np.nan))
        return np.where(np.isnan(certain), _normal(distance), certain)


def peer_curve(daily: Floats, is_work: Bools, peers: Ints) -> Floats:
    """Last year's shape: [units, working days + 1], the share of the peers' period sold by the end of each working day.

    `daily` is last year's period [units, calendar days]. Sales on rest days belong to the next working day, those
    after the last one to the last. A group that sold nothing gets a straight line.
    """
    ends = np.cumsum(group_sum(daily, peers), axis=1)[:, np.flatnonzero(is_work)]
    total = group_sum(daily, peers).sum(axis=1)
    straight = np.linspace(0.0, 1.0, ends.shape[1] + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.clip(np.hstack([np.zeros((len(ends), 1)), ends]) / total[:, None], 0.0, 1.0)
    shares[:, -1] = 1.0
    return np.where((total > 0)[:, None], shares, straight)


def share_at(curve: Floats, done: float, of: float) -> Floats:
    """The curve after `done` of `of` working days: equal working-day index, stretched if the two years differ."""
    last = curve.shape[1] - 1
    place = min(max(done / of, 0.0), 1.0) * last if of else 0.0
    below = min(int(place), last - 1) if last else 0
    part = place - below
    return np.asarray(curve[:, below] * (1 - part) + curve[:, min(below + 1, last)] * part, dtype=np.float64)


def default_beta(share: Floats) -> Floats:
    """The belief to start with where there are no earlier periods to learn from."""
    return np.interp(share, _SHARES, _BELIEF)


def remainder(now: Snapshot, beta: Floats | float) -> Floats:
    """What is still to come: P·(1−c)·(S/(P·c))^β."""
    level = _log_ratio(now.actual, now.prior * now.share)
    return np.asarray(now.prior * (1 - now.share) * np.exp(beta * level), dtype=np.float64)


def learnt_remainder(now: Snapshot, model: Model) -> Floats:
    """The same with what earlier periods taught: near and far distances and a fall are believed differently."""
    near, far, fall = _features(now, model.reach, model.noise)
    power = model.near * near + model.far * far + model.turn * fall
    return np.asarray(now.prior * (1 - now.share) * np.exp(power), dtype=np.float64)


def project(now: Snapshot, model: Model | None = None, volatility: Ints | None = None) -> Projection:
    """Point and range for every unit. `volatility` are the groups the model was calibrated with."""
    if model is None:
        left = remainder(now, default_beta(now.share))
        return Projection(now.actual, left, np.full(len(left), np.nan))
    left = learnt_remainder(now, model)
    groups = np.zeros(len(left), dtype=np.int64) if volatility is None else volatility
    width = model.half_width[np.minimum(groups, len(model.half_width) - 1)]
    width = np.where(_strayed(now, model.reach, model.noise), np.fmax(width, model.strayed_half_width), width)
    return Projection(now.actual, left, np.hypot(width, _by_doubt(now, model)))


def landing(actual: Floats, target: Floats, plan: Floats, trailing_pace: Floats) -> Floats:
    """Without a curve of last year: A + (T − P)·ρ, the rest at the pace of the last four weeks (docs/rules/attainment.md)."""
    return actual + (target - plan) * np.maximum(trailing_pace, 0.0)


def fit(past: Sequence[Snapshot], finals: Sequence[Floats], volatility: Ints | None = None) -> Model | None:
    """Learn belief and range from earlier periods, each seen at the same point; None if there is nothing to learn from.

    The range is conformal on the log of what was still to come: the 80 % quantile of the units' own errors by
    volatility group, joined with the t-inflated spread of the group's median error from period to period, because all
    units share the period's weather. Units beyond chance (`reach`, `noise`) have a range of their own.
    """
    seen = [_errors_ready(now, final) for now, final in zip(past, finals, strict=True)]
    seen = [rows for rows in seen if rows[1].any()]
    if not seen:
        return None
    reach, noise = _chance(seen)
    groups = np.zeros(len(seen[0][1]), dtype=np.int64) if volatility is None else volatility
    near, far, turn = (float(belief) for belief in _beliefs(seen, reach, noise))
    model = Model(near, far, turn, reach, noise, np.zeros(0), len(seen))
    errors = np.vstack([_error(rows, model) for rows in seen])
    known = np.array([_usual(_by_doubt(now, model)[fine]) for now, fine, _came in seen])
    strayed = np.vstack([_strayed(now, reach, noise) for now, _fine, _came in seen]) & ~np.isnan(errors)
    if strayed.sum() < _ENOUGH_STRAYED:
        strayed[:] = False
    calm = np.where(strayed, np.nan, errors)
    everybody = _half_width(calm, known)
    widths = [_half_width(calm[:, groups == g], known) for g in range(int(groups.max(initial=0)) + 1)]
    return replace(
        model,
        half_width=np.array([everybody if np.isnan(w) else w for w in widths]),
        strayed_half_width=_strayed_half_width(errors, strayed, known),
    )


def volatility_groups(roughness: Floats, most: int = 5, fewest: int = 40) -> Ints:
    """Groups of equal size from the calmest to the roughest; never so many that a group has fewer than `fewest` units."""
    count = max(1, min(most, len(roughness) // fewest))
    order = np.argsort(np.argsort(np.nan_to_num(roughness, nan=np.inf), kind="stable"), kind="stable")
    return np.asarray(order * count // max(len(roughness), 1), dtype=np.int64)


def roughness(weekly: Floats) -> Floats:
    """How unsteady a unit sells: the median jump from week to week, in logs. [units, weeks], NaN where not known."""
    positive = np.where(weekly > 0, weekly, np.nan)
    jumps = np.abs(np.diff(np.log(positive), axis=1))
    known = ~np.isnan(jumps)
    ordered = np.sort(jumps, axis=1)
    middle = np.maximum(known.sum(axis=1) - 1, 0) // 2
    return np.asarray(
        np.where(known.any(axis=1), ordered[np.arange(len(ordered)), middle], np.inf), dtype=np.float64
    )


_Ready = tuple[Snapshot, Bools, Floats]


def _errors_ready(now: Snapshot, final: Floats) -> _Ready:
    """The snapshot, which of its units can teach, and the log of what came against what the prior left to come."""
    with np.errstate(divide="ignore", invalid="ignore"):
        came = np.log((final - now.actual) / (now.prior * (1 - now.share)))
    fine = (now.prior > 0) & (now.share > 0) & (now.share < 1) & (now.actual > 0) & ~np.isnan(final)
    return now, fine, np.clip(np.nan_to_num(came, nan=_LEAST), _LEAST, _MOST)


def _features(now: Snapshot, reach: float, noise: float) -> tuple[Floats, Floats, Floats]:
    """Log distance to the forecast so far, as near and far part, and how far the last weeks fell below it."""
    level = _log_ratio(now.actual, now.prior * now.share)
    near = np.clip(level, -reach, reach)
    if now.trailing_actual is None or now.trailing_share is None:
        return near, level - near, np.zeros(len(level))
    recent = _log_ratio(now.trailing_actual, now.prior * now.trailing_share)
    return near, level - near, np.minimum(recent - level + noise, 0.0)


def _log_ratio(part: Floats, whole: Floats) -> Floats:
    """Clipped, so that one odd unit cannot drive everything; nothing expected says nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(np.maximum(part, 0.0) / whole)
    return np.where(whole > 0, np.clip(np.nan_to_num(value, nan=0.0), _LEAST, _MOST), 0.0)


def _chance(seen: Sequence[_Ready]) -> tuple[float, float]:
    """How far units stray by chance: from the forecast, and in the last four weeks from the period so far."""
    levels, differences = [], []
    for now, fine, _came in seen:
        level = _log_ratio(now.actual, now.prior * now.share)
        levels.append(level[fine])
        if now.trailing_actual is not None and now.trailing_share is not None:
            recent = _log_ratio(now.trailing_actual, now.prior * now.trailing_share)
            differences.append((recent - level)[fine])
    return _strays(levels), _strays(differences)


def _strays(values: Sequence[Floats]) -> float:
    """One and a half robust standard deviations."""
    every = np.concatenate([np.zeros(0), *values])
    return float(1.5 * 1.4826 * np.median(np.abs(every - np.median(every)))) if len(every) else 0.0


def _beliefs(seen: Sequence[_Ready], reach: float, noise: float) -> Floats:
    """Pooled regression through the origin, re-weighted so that shocks after the point do not decide."""
    x = np.vstack([np.column_stack(_features(now, reach, noise))[fine] for now, fine, _came in seen])
    y = np.concatenate([came[fine] for _now, fine, came in seen])
    weight = np.ones(len(y))
    found = np.zeros(x.shape[1])
    for _ in range(8):
        scaled = x * weight[:, None]
        # A little ridge: where nothing ever strayed or fell, a column is zero.
        found = np.linalg.solve(scaled.T @ x + 1e-6 * np.eye(x.shape[1]), scaled.T @ y)
        error = np.abs(y - x @ found)
        weight = np.minimum(1.0, 2.0 * np.median(error) / np.maximum(error, 1e-9))
    return np.clip(found, 0.0, (1.2, 1.2, 1.5))


def _error(rows: _Ready, model: Model) -> Floats:
    """Log error of the remainder per unit, NaN where the unit could not teach."""
    now, fine, came = rows
    foreseen = np.column_stack(_features(now, model.reach, model.noise)) @ model.beliefs
    return np.where(fine, came - foreseen, np.nan)


def _strayed(now: Snapshot, reach: float, noise: float) -> Bools:
    """Which units stand farther from their forecast, or fell more in four weeks, than chance makes."""
    _near, far, fall = _features(now, reach, noise)
    return np.asarray((far != 0) | (fall < 0))


def _by_doubt(now: Snapshot, model: Model) -> Floats:
    """What the doubt about last year's shape does to the log remainder. Never more than half of what is behind or ahead."""
    if now.doubt is None:
        return np.zeros(len(now.share))
    off = np.minimum(now.doubt, np.minimum(now.share, 1 - now.share) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        early = np.log(learnt_remainder(replace(now, share=now.share - off), model))
        late = np.log(learnt_remainder(replace(now, share=now.share + off), model))
        return np.where(off > 0, np.abs(late - early) / 2, 0.0)


def _usual(widths: Floats) -> float:
    return float(np.median(widths)) if len(widths) else 0.0


def _half_width(errors: Floats, known: Floats) -> float:
    """Of one group's errors [periods, units]: hypot(own 80 % quantile, t × spread of the periods' medians)."""
    kept = [(row[~np.isnan(row)], k) for row, k in zip(errors, known, strict=True)]
    kept = [(row, k) for row, k in kept if len(row)]
    if not kept:
        return math.nan
    own = np.concatenate([np.abs(row - np.median(row)) for row, _k in kept])
    medians = np.array([np.median(row) for row, _k in kept])
    shock = _shock(medians, np.array([k for _row, k in kept]))
    return math.hypot(float(np.quantile(own, COVERAGE)), shock)


def _strayed_half_width(errors: Floats, strayed: Bools, known: Floats) -> float:
    """The same for those who strayed, all groups together: their errors are not around their own median, because where
    they go on to is what is not known."""
    own = np.abs(errors[strayed])
    if not len(own):
        return math.nan
    medians = np.array([np.median(row[~np.isnan(row)]) for row in errors])
    return math.hypot(float(np.quantile(own, COVERAGE)), _shock(medians, known))


def _shock(medians: Floats, known: Floats) -> float:
    """t × the spread of the periods' medians around zero: the method's own bias counts, one period is better than none.

    What the doubt of a moved holiday explains (`known`) says nothing about periods without one.
    """
    freedom = max(len(medians) - 1, 1)
    t = _T90[freedom - 1] if freedom <= len(_T90) else Z90
    return t * math.sqrt(float(np.sum(np.maximum(medians**2 - known**2, 0.0))) / freedom)


def _normal(z: Floats) -> Floats:
    """The normal distribution function (Abramowitz and Stegun 26.2.17, error below 1e-7)."""
    k = 1 / (1 + 0.2316419 * np.abs(z))
    tail = k * (0.319381530 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))))
    upper = np.exp(-z * z / 2) / math.sqrt(2 * math.pi) * tail
    return np.where(z >= 0, 1 - upper, upper)
