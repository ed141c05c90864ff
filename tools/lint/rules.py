"""The rules. A rule yields (line, sentence); its name with hyphens is the code for `# lint-skip: CODE`."""

import ast
import re
from collections.abc import Iterator

from lint.base import File

Breach = Iterator[tuple[int, str]]
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_SIGN = 400, 50, 15
RAW = {"RawSQL", "execute_sql"}
SQL_METHODS = {"execute", "executemany", "executescript", "raw", "extra", "copy"}
DATABASE_NAMES = re.compile(
    r"(cursor|connection|connections|conn|cur|objects|manager|queryset|qs|pg|psycopg)$"
)


def whole_numbers_in_core(file: File) -> Breach:
    """Money and lights are counted exactly; floats live in core/estimates only."""
    if not file.is_in("core") or file.is_in("core/estimates"):
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield node.lineno, f"float literal {node.value!r} in core"
        if isinstance(node, ast.Name) and node.id == "float":
            yield node.lineno, "`float` in core"


def rules_know_no_estimates(file: File) -> Breach:
    """An estimate enters a rule as an argument, through a named rounding."""
    if not file.is_in("core") or file.is_in("core/estimates"):
        return
    for line, name in _imports(file.tree):
        if name.startswith(("hangbiao.core.estimates", "numpy")):
            yield line, f"{name} imported by a rule"


def one_clock(file: File) -> Breach:
    """ruff bans the usual calls (TID251); this also sees renamed imports of the modules that tell the time."""
    if file.path == "site/clock.py" or file.is_in("site/demo"):
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Attribute) and node.attr in {
            "now",
            "utcnow",
            "today",
            "localdate",
            "time_ns",
        }:
            owner = ast.unparse(node.value).split(".")[-1]
            if owner in {"datetime", "date", "timezone", "dt", "time", "tz"}:
                yield node.lineno, f"{ast.unparse(node)}: time is passed in, the one clock is site/clock.py"
        if isinstance(node, ast.Name) and node.id in {"Now", "CurrentTimestamp"}:
            yield node.lineno, f"{node.id}: the database's clock is a second clock"
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            yield node.value.lineno, f"{node.arg}: a hidden clock"


def raw_sql_in_sql_py(file: File) -> Breach:
    """Statements live in a room's or engine's sql.py (or sql/ package) and in migrations, where they are read as such."""
    if _is_sql_place(file):
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Name | ast.Attribute) and _last(node) in RAW:
            yield node.lineno, f"{_last(node)} outside sql.py"
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in SQL_METHODS
        ):
            owner = ast.unparse(node.func.value)
            names = [_last(n) for n in ast.walk(node.func.value) if isinstance(n, ast.Name | ast.Attribute)]
            if any(DATABASE_NAMES.search(name.lower()) for name in names) or _looks_like_sql(node):
                yield node.lineno, f"{owner}.{node.func.attr}(…) outside sql.py"


def _is_sql_place(file: File) -> bool:
    """The ledger is DuckDB over Parquet: it speaks nothing but SQL, and all of it stands in that one folder."""
    *folders, name = file.path.split("/")
    if file.is_in("rooms/actuals/ledger", "site/database.py"):
        return True
    return name == "sql.py" or "sql" in folders or "migrations" in folders


def _looks_like_sql(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    text = first.value if isinstance(first, ast.Constant) else None
    return isinstance(text, str) and bool(
        re.match(r"\s*(select|insert|update|delete|with|create|drop|alter|set)\b", text, re.IGNORECASE)
    )


def rooms_by_name_only(file: File) -> Breach:
    """`apps.get_model` and friends reach around every import contract; only scope must look at every table."""
    if file.is_in("site", "engines/scope") or "migrations" in file.path.split("/"):
        return
    for node in ast.walk(file.tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in {"get_model", "get_models"}
            and _last(node.value) == "apps"
        ):
            yield node.lineno, "apps.get_model reaches around the import contracts"
        if isinstance(node, ast.Call) and _last(node.func) == "import_module":
            yield node.lineno, "import_module reaches around the import contracts"


def door_sign(file: File) -> Breach:
    """Every package says at its door what it is for, in at most 15 lines, and does nothing there."""
    if not file.path.endswith("__init__.py") or file.is_in("migrations") or "/migrations/" in file.path:
        return
    sign = ast.get_docstring(file.tree)
    if not sign:
        yield 1, "no door sign (docstring)"
    elif len(sign.splitlines()) > LONGEST_SIGN:
        yield 1, f"door sign of {len(sign.splitlines())} lines, at most {LONGEST_SIGN}"
    for node in file.tree.body[1:]:
        yield node.lineno, "code behind the door sign: it belongs into a file with a name"


def short_file(file: File) -> Breach:
    """A file past 400 lines is split by noun."""
    if len(file.lines) > LONGEST_FILE and "migrations" not in file.path:
        yield LONGEST_FILE, f"{len(file.lines)} lines, at most {LONGEST_FILE}"


def short_function(file: File) -> Breach:
    """A function past 50 lines says in its docstring why it is long ("Long because …")."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION and "Long because" not in (ast.get_docstring(node) or ""):
                yield node.lineno, f"{node.name} has {length} lines, at most {LONGEST_FUNCTION}"


def no_rules_in_models(file: File) -> Breach:
    """Tables hold, services act: a `save()` override acts behind everybody's back."""
    if not file.path.endswith("models.py") or not file.is_in("engines", "rooms"):
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete", "clean"}:
            yield node.lineno, f"{node.name}() overridden in models.py"


def views_do_not_touch_tables(file: File) -> Breach:
    """Pages and the interface call services and selectors."""
    if file.path.split("/")[-1] not in {"pages.py", "api.py"}:
        return
    for line, name in _imports(file.tree):
        if re.fullmatch(r"hangbiao\.(rooms|engines)\.\w+\.models(\.\w+)?", name):
            yield line, f"a door to the outside imports {name}"


def events_are_past(file: File) -> Breach:
    """An event is a frozen dataclass: what happened cannot change."""
    if file.path.split("/")[-1] != "events.py":
        return
    for node in file.tree.body:
        is_error = isinstance(node, ast.ClassDef) and any(
            _last(b).endswith(("Error", "Exception")) for b in node.bases
        )
        if not isinstance(node, ast.ClassDef) or is_error:
            continue
        if not any("frozen=True" in ast.unparse(d) for d in node.decorator_list):
            yield node.lineno, f"{node.name} is not frozen"


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


ALL = (
    whole_numbers_in_core,
    rules_know_no_estimates,
    one_clock,
    raw_sql_in_sql_py,
    rooms_by_name_only,
    door_sign,
    short_file,
    short_function,
    no_rules_in_models,
    views_do_not_touch_tables,
    events_are_past,
)
