"""Read and set the dated parameters: `hangbiao policy score.policy parallel --from 2026-10-01 …`."""

import argparse
import json
import sys
from datetime import date

from hangbiao.site.boot import Refusal, ready


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("key", nargs="?", help="one parameter; without it all of them, as they are in force today")
    parser.add_argument("value", nargs="?", help="what it becomes; lists and flags as JSON, for example '[10]' or true")
    parser.add_argument("--from", dest="since", type=_day, metavar="DATE", help="the first day on which it holds")
    parser.add_argument("--path", default="", help="a place like /C/R01/; without it everywhere")
    parser.add_argument("--source", default="", help="what it rests on")
    parser.add_argument("--approver", default="", help="who approved it")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it like 2026-11-25") from None


def run(args: argparse.Namespace) -> int:
    with ready("policy"):
        from hangbiao.engines.policy.errors import PolicyError

        try:
            lines = _set(args) if args.value is not None else _read(args.key, args.path)
        except PolicyError as refused:
            raise Refusal(refused.sentence()) from refused
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _set(args: argparse.Namespace) -> list[str]:
    from hangbiao.engines.policy.catalogue import parameter_called
    from hangbiao.engines.policy.services import set_value
    from hangbiao.site import clock

    if args.since is None:
        raise Refusal("Say from which day on it holds: --from DATE.")
    value = args.value
    if parameter_called(args.key).kind in {"flag", "integers", "texts"}:
        try:
            value = json.loads(value)
        except ValueError as wrong:
            raise Refusal(f"{args.key} is written as JSON, for example '[10]' or true: {wrong}") from wrong
    kept = set_value(
        key=args.key, value=value, valid_from=args.since, path=args.path, source=args.source, approver=args.approver,
        actor="system:command", at=clock.now(),
    )  # fmt: skip
    return [f"{kept.key} = {_shown(kept.value)} from {kept.valid_from}"]


def _read(key: str | None, path: str) -> list[str]:
    from hangbiao.engines.policy.catalogue import all_parameters, parameter_called
    from hangbiao.engines.policy.selectors import history_of, policy_on
    from hangbiao.site import clock

    asked = [parameter_called(key)] if key else list(all_parameters())
    held = policy_on([one.key for one in asked], clock.today(), path=path)
    lines = [f"{one.key} = {_shown(held[one.key])}  ({one.title})" for one in asked]
    if key:
        lines += [
            f"  {was.valid_from}: {_shown(was.value)}, approved by {was.approver}, {was.source}"
            for was in history_of(key, path)
        ]
    return lines


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
