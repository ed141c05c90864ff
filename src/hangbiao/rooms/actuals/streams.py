"""The streams that can come in: their fields, what each field is, and what names a row."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a stream. `kind` chooses the converter; `landed` is how a number is scaled in the ledger."""

    name: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    scale: int = 4


@dataclass(frozen=True, slots=True)
class Stream:
    """What a mapping may feed. `facts` land in the ledger; the others are master data and end in another room."""

    name: str
    order: int
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    facts: bool = False
    past_only: bool = False

    def field(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)


def _fields(text: str) -> tuple[Field, ...]:
    """`name[:kind][*]` separated by blanks; `side:choice(sell_in|sell_out)` lists what is allowed."""
    made = []
    for word in text.split():
        required = word.endswith("*")
        name, _, kind = word.rstrip("*").partition(":")
        kind, _, choices = kind.rstrip(")").partition("(")
        scale = 7 if kind == "coordinate" else 4
        made.append(
            Field(name, kind or "text", required, tuple(choices.split("|")) if choices else (), scale)
        )
    return tuple(made)


_ALL = (
    Stream("metrics", 5, _fields("metric* name* name_en unit* decimals:whole direction:choice(higher|lower)")),
    Stream(
        "units", 10,
        _fields("unit* name* name_en kind:choice(company|region|team)* parent province from:date"),
    ),
    Stream(
        "people", 20,
        _fields("person* name* name_en role* unit from:date to:date joined:date left:date username"),
    ),
    Stream("territories", 30, _fields("territory* name name_en unit from:date to:date vacancy_owner")),
    Stream("assignments", 32, _fields("territory* person* from:date* to:date")),
    Stream("leaves", 34, _fields("person* kind* protected:flag start:date* end:date*")),
    Stream(
        "targets", 40,
        _fields("period day:date metric* territory person base:decimal* stretch:decimal phasing"),
    ),
    Stream(
        "outlets", 50,
        _fields(
            "outlet* name day:date lat:coordinate lng:coordinate crs territory:territory channel "
            "kind:choice(customer|prospect) do_not_contact:flag rep:person version:whole"
        ),
        ("outlet",), facts=True, past_only=True,
    ),
    Stream(
        "order_lines", 60,
        _fields(
            "order* line* day:date* net_amount:number* outlet channel sku sku_group quantity:number "
            "list_price:number side:choice(sell_in|sell_out) rep:person territory:territory version:whole"
        ),
        ("order", "line"), facts=True, past_only=True,
    ),
    Stream(
        "visits_done", 62,
        _fields("visit* day:date* rep:person* outlet at territory:territory version:whole"),
        ("visit",), facts=True, past_only=True,
    ),
    Stream(
        "visits_planned", 64,
        _fields("rep:person* day:date* outlet* route territory:territory version:whole"),
        ("rep", "day", "outlet"), facts=True,
    ),
    Stream(
        "stockouts", 66,
        _fields("day:date* territory:territory* sku_group* outlet version:whole"),
        ("day", "territory", "sku_group", "outlet"), facts=True, past_only=True,
    ),
    Stream(
        "territory_attributes", 68,
        _fields("territory:territory* attribute* value:number* source* day:date* version:whole"),
        ("territory", "attribute", "day"), facts=True, past_only=True,
    ),
    Stream(
        "daily_totals", 70,
        _fields("day:date* metric:metric* value:number* rep:person territory:territory version:whole"),
        ("day", "metric", "rep", "territory"), facts=True, past_only=True,
    ),
)  # fmt: skip

STREAMS = {s.name: s for s in _ALL}
