"""The streams that can come in: their fields, what each field is, and what names a row."""

import re
from dataclasses import dataclass

LONGEST_TEXT = 400
_FIELD = re.compile(r"(\w+)(?:<(\d+)>)?(?::(\w+)(?:\((.*)\))?)?(\*?)")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a stream. `kind` chooses the converter; `scale` is how a number is scaled in the ledger."""

    name: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    scale: int = 4
    longest: int = LONGEST_TEXT


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
    """`name[<longest>][:kind][*]` separated by blanks; `side:choice(sell_in|sell_out)` lists what is allowed."""
    made = []
    for word in text.split():
        said = _FIELD.fullmatch(word)
        if said is None:
            raise ValueError(f"{word!r} is no field")
        name, longest, kind, choices, required = said.groups()
        made.append(
            Field(
                name,
                kind or "text",
                required=bool(required),
                choices=tuple(choices.split("|")) if choices else (),
                scale=7 if kind == "coordinate" else 4,
                longest=int(longest or LONGEST_TEXT),
            )
        )
    return tuple(made)


_ALL = (
    Stream("metrics", 5, _fields("metric<40>* name<40>* name_en<40> unit<12>* decimals:whole direction:choice(higher|lower)")),
    Stream(
        "units", 10,
        _fields("unit<40>* name<80>* name_en<80> kind:choice(company|region|team)* parent province<40> from:date"),
    ),
    Stream(
        "people", 20,
        _fields(
            "person<40>* name<80>* name_en<80> role* unit from:date to:date joined:date left:date username<64> mail<254> "
            "wecom<128> dingtalk<128> feishu<128> oidc<128>"
        ),
    ),
    Stream("territories", 30, _fields("territory<40>* name<80> name_en<80> unit from:date to:date vacancy_owner")),
    Stream("assignments", 32, _fields("territory* person* from:date* to:date")),
    Stream("leaves", 34, _fields("person* kind<40>* protected:flag start:date* end:date*")),
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
