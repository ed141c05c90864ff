"""The installed command `hangbiao VERB`. Reads words with argparse; Django is loaded by the verb that needs it."""

import argparse
import importlib
import os
import pkgutil
import signal
import sys
from types import ModuleType

from hangbiao.site import commands


def verbs() -> dict[str, ModuleType]:
    """Every module of `site/commands`, by its verb (`import_` and `try_` cannot be written without the underscore)."""
    names = [m.name for m in pkgutil.iter_modules(commands.__path__)]
    return {n.rstrip("_"): importlib.import_module(f"{commands.__name__}.{n}") for n in sorted(names)}


def parser() -> argparse.ArgumentParser:
    """The whole grammar, from what each verb adds."""
    whole = argparse.ArgumentParser(
        prog="hangbiao", description="Keeps sales targets alive: measured daily, lit every two weeks."
    )
    whole.add_argument(
        "--demo", action="store_true", help="act on the demo company instead of the real database"
    )
    every = whole.add_subparsers(metavar="VERB", required=True)
    for verb, module in verbs().items():
        line = (module.__doc__ or verb).splitlines()[0]
        one = every.add_parser(verb, help=line.rstrip("."), description=line)
        module.add(one)
        one.set_defaults(run=module.run)
    return whole


def main(argv: list[str] | None = None) -> int:
    """Run one verb. A refusal that the house foresaw is a sentence and exit code 1, never a traceback."""
    from hangbiao.site.boot import Refusal, act_on_the_demo

    args = parser().parse_args(argv)
    if args.demo:
        act_on_the_demo()
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(143)
    )  # so that the embedded database is stopped as on Ctrl-C
    try:
        return int(args.run(args))
    except Refusal as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        return 130
    except BrokenPipeError:  # `hangbiao export … | head` is not a fault
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
