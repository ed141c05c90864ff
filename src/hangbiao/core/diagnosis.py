"""Where a gap comes from: parts that add up to it exactly, and which of them are causes. Page: docs/rules/diagnosis.md."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from statistics import median_low

from hangbiao.core.quantity import round_half_up_to_int

# A cause has at least this share of the gap; a member (one channel, one product group) too.
MATERIAL = Fraction(1, 10)
# With fewer expected order lines a channel or product group says more about chance than about the trade.
FEWEST_ORDERS = 10
# From here on a pace moved; below it, it is the noise of a fortnight.
MOVED = Fraction(5, 100)

LATE, STOCK, VISITS, RETURNS = "late", "stock", "visits", "returns"
CHANNEL, PRODUCT, ORDERS = "channel", "product", "orders"
PRICE, CHANNEL_VALUE, BASKET = "price", "channel_value", "basket"
REST = "rest"
CAUSES = (LATE, STOCK, VISITS, CHANNEL, PRODUCT, ORDERS, PRICE, CHANNEL_VALUE, BASKET, RETURNS)

Mix = Mapping[tuple[str, str], tuple[int, int]]  # (channel, product group) → order lines, amount
_PRECISION = Context(prec=30)
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one holder, amounts in minor units.

    `year` is the mix of the year before the period, `now` of the period to date, both of sales without returns;
    `now` keeps sales on days on which their product group was out of stock apart (third key true). `short` is the
    share of the plan to date that fell on a product group's days out of stock. `visits` is done ÷ usual, None where
    nobody counts visits. `late_due` is what was planned for days whose data have not come.
    """

    plan: Fraction
    actual: int
    year: Mix
    now: Mapping[tuple[str, str, bool], tuple[int, int]]
    year_returns: int = 0
    returns: int = 0
    short: Mapping[str, Decimal] = field(default_factory=dict)
    visits: Decimal | None = None
    late_due: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the gap; above zero it widens it. `of`: the channel or product group it lies in, if it lies in one."""

    cause: str
    amount: int
    of: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """A part of the gap large enough to speak of, with the members it lies in, the largest first."""

    cause: str
    amount: int
    of: tuple[str, ...] = ()


@dataclass(slots=True)
class _Effects:
    """What changed number and value of orders, cell by cell, with what was due there."""

    orders: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    value: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    due: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    due_orders: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    visits: Decimal = _ZERO
    stock: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


def taken_apart(facts: Facts) -> list[Part]:
    """Split plan to date − actual into parts whose sum is that gap, to the minor unit.

    Units    Minor units; a part above zero widens the gap.
    Method   What was due is laid out by the mix of the year before (channel × product group). Off come, in this order:
             days without data, returns beyond the usual, and sales missed where stock-outs were recorded. What is left
             of every cell is decomposed by logarithmic mean weights (LMDI I; Ang 2005) into visits × orders per visit ×
             value per order, which leaves no residual; a cell that sold nothing lost its orders. The effects of orders
             and of value are then divided into what is common to the whole trade (the lower median of the loss rates
             across channels, or product groups) and what is particular to some, in the dimension that is more particular.
    Borders  Members below a tenth of the gap are put together as `rest`. Without the mix of a year all is `rest`.
    Source   Ang, B. W.: The LMDI approach to decomposition analysis, Energy Policy 33 (2005).
    """
    with localcontext(_PRECISION):
        gap = _decimal(facts.plan) - facts.actual
        usual = sum(amount for _orders, amount in facts.year.values())
        net = usual - facts.year_returns
        if net <= 0 or facts.plan - facts.late_due <= 0:
            return _whole([(REST, "", gap)], facts)
        due = _decimal(facts.plan - facts.late_due)
        gross = due * usual / net
        sold = sum(amount for _orders, amount in facts.now.values())
        effects = _effects(facts, gross, usual)
        rows = [
            (LATE, "", _decimal(facts.late_due)),
            (RETURNS, "", facts.returns - (gross - due)),
            (VISITS, "", effects.visits),
            *((STOCK, group, amount) for group, amount in effects.stock.items()),
            *_by_members(effects, gap),
            (REST, "", Decimal(sold - facts.returns - facts.actual)),  # credited otherwise than its lines say
        ]
        return _whole(rows, facts)


def _effects(facts: Facts, gross: Decimal, usual: int) -> _Effects:
    found = _Effects()
    visits = Decimal(1) if facts.visits is None else max(facts.visits, Decimal(1) / 100)  # none at all has no logarithm
    for cell in sorted(facts.year.keys() | {(channel, group) for channel, group, _short in facts.now}):
        year_orders, year_amount = facts.year.get(cell, (0, 0))
        whole = gross * year_amount / usual
        missing = min(facts.short.get(cell[1], _ZERO), Decimal(1))
        if missing or (*cell, True) in facts.now:
            found.stock[cell[1]] += whole * missing - facts.now.get((*cell, True), (0, 0))[1]
        orders, amount = facts.now.get((*cell, False), (0, 0))
        due = whole * (1 - missing)
        due_orders = due * year_orders / year_amount if year_amount > 0 else _ZERO
        found.due[cell] += due
        found.due_orders[cell] += due_orders
        if due <= 0 or due_orders <= 0 or amount <= 0 or orders <= 0:
            found.orders[cell] += due - amount
            continue
        weight = _mean(due, Decimal(amount))
        value = weight * (due / due_orders / (Decimal(amount) / orders)).ln()
        by_visits = -weight * visits.ln()
        found.visits += by_visits
        found.value[cell] += value
        found.orders[cell] += due - amount - value - by_visits
    return found


def _mean(one: Decimal, other: Decimal) -> Decimal:
    """The logarithmic mean."""
    return one if one == other else (one - other) / (one / other).ln()


def _by_members(effects: _Effects, gap: Decimal) -> list[tuple[str, str, Decimal]]:
    """The effects of orders and of value, each as common and particular. Fewer but larger orders everywhere (or smaller
    but more) are the same trade: only what remains of the two counts."""
    (orders, of_orders), (value, of_value) = (
        _particular(rows, effects, names, gap)
        for rows, names in ((effects.orders, (CHANNEL, PRODUCT)), (effects.value, (CHANNEL_VALUE, PRICE)))
    )
    if (orders > 0) != (value > 0):
        both = orders + value
        orders, value = (both, _ZERO) if abs(orders) >= abs(value) else (_ZERO, both)
    return [(ORDERS, "", orders), (BASKET, "", value), *of_orders, *of_value]


def _particular(
    rows: Mapping[tuple[str, str], Decimal], effects: _Effects, names: tuple[str, str], gap: Decimal
) -> tuple[Decimal, list[tuple[str, str, Decimal]]]:
    """What is common, and what is particular to members of the dimension that is more particular."""
    best: tuple[Decimal, Decimal, list[tuple[str, str, Decimal]]] | None = None
    for side, name in enumerate(names):
        loss, due, due_orders = (_along(table, side) for table in (rows, effects.due, effects.due_orders))
        rates = [loss[key] / due[key] for key in due if due_orders[key] >= FEWEST_ORDERS and due[key] > 0]
        rate = median_low(rates) if rates else _ZERO
        common = rate * sum(due.values())
        own = [(name, key, loss[key] - rate * due[key]) for key in sorted(due)]
        border = abs(gap) * MATERIAL.numerator / MATERIAL.denominator
        large = sum((amount for _name, _key, amount in own if amount >= border), _ZERO)
        if best is None or large > best[0]:
            small = sum((amount for _name, _key, amount in own if amount < border), _ZERO)
            best = large, common, [*(one for one in own if one[2] >= border), (REST, "", small)]
    return (best[1], best[2]) if best else (_ZERO, [])


def _along(table: Mapping[tuple[str, str], Decimal], side: int) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for key, amount in table.items():
        sums[key[side]] += amount
    return sums


def _whole(rows: Iterable[tuple[str, str, Decimal]], facts: Facts) -> list[Part]:
    """Whole minor units that add up to the gap: what rounding leaves goes to the largest part."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for cause, of, amount in rows:
        sums[cause, of] += amount
    rounded = {key: round_half_up_to_int(amount) for key, amount in sums.items()}
    largest = max(rounded, key=lambda key: abs(rounded[key]))
    rounded[largest] += round_half_up_to_int(facts.plan) - facts.actual - sum(rounded.values())
    return [Part(cause, amount, of) for (cause, of), amount in rounded.items() if amount]


def causes(parts: Sequence[Part]) -> list[Cause]:
    """The parts large enough to speak of, the largest first. Nothing that narrows the gap is a cause; `rest` names none."""
    gap = sum(part.amount for part in parts)
    sums: dict[str, int] = defaultdict(int)
    for part in parts:
        sums[part.cause] += part.amount
    found = [
        Cause(cause, amount, tuple(p.of for p in sorted(parts, key=lambda p: -p.amount) if p.cause == cause and p.of))
        for cause, amount in sums.items()
        if cause != REST and amount > 0 and amount * MATERIAL.denominator >= gap * MATERIAL.numerator
    ]
    return sorted(found, key=lambda one: (-one.amount, CAUSES.index(one.cause)))


def chain(due: Fraction, actual: int, ratios: Sequence[tuple[str, Fraction]], last: str) -> list[tuple[str, int]]:
    """What each link of a product did to the gap: distribution × visits × conversion × order size × price.

    `ratios` are actual ÷ expected of every link but the last, which is what the others leave. Logarithmic weights, so
    that the parts add up to `due − actual`; the last takes what rounding leaves. Empty where a ratio is not above zero:
    there is no logarithm, and nothing to divide. Worked: 100 due, 50 sold at half the visits: visits 50, the others 0.
    """
    if due <= 0 or actual <= 0 or any(ratio <= 0 for _name, ratio in ratios):
        return []
    with localcontext(_PRECISION):
        weight = _mean(_decimal(due), Decimal(actual))
        found = [(name, round_half_up_to_int(-weight * _decimal(ratio).ln())) for name, ratio in ratios]
    left = round_half_up_to_int(due) - actual - sum(amount for _name, amount in found)
    return [*found, (last, left)]


def usual_visits(done: Mapping[int, int], due: Mapping[int, int], fewest: int = 10) -> dict[int, Decimal]:
    """Holder → visits done ÷ usual: done against what was planned (or done in the year before), beside the median of all
    who had `fewest` to do. Nobody beside them: 1 is usual."""
    shares = {who: Fraction(done.get(who, 0), planned) for who, planned in due.items() if planned >= fewest}
    known = [share for share in shares.values() if share > 0]
    middle = median_low(known) if known else Fraction(1)
    with localcontext(_PRECISION):
        return {who: _decimal(share / middle) for who, share in shares.items()}


WORKED, HELPED, SAME, WORSE, EARLY = "worked", "helped", "same", "worse", "early"
_RANK = {"green": 0, "yellow": 1, "red": 2}


def judged(light: str, pace: Fraction | None, after: Sequence[tuple[str, Fraction | None]]) -> str:
    """What the next checkpoints say of the actions of a review: the last of them beside the one that opened it.

    `worked` if the light got better, `worse` if it got worse; under the same light `helped` from five points of pace up,
    `worse` from five points down, else `same`. `early` before the first. Grey checkpoints say nothing.
    """
    known = [(colour, at) for colour, at in after if colour in _RANK]
    if not known or light not in _RANK:
        return EARLY
    colour, now = known[-1]
    if _RANK[colour] != _RANK[light]:
        return WORKED if _RANK[colour] < _RANK[light] else WORSE
    if pace is None or now is None or abs(now - pace) < MOVED:
        return SAME
    return HELPED if now > pace else WORSE


def _decimal(value: Fraction | int) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
