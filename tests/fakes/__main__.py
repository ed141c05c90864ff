"""`python -m tests.fakes [--port N]`: all services on loopback until Ctrl-C, with the page of what people see.

With `--line` it says in one line of JSON where everything is, and ends when its standard input does: whoever started it
has ended then.
"""

import argparse
import json
import sys
import threading
from contextlib import suppress

from hangbiao.site.clock import wall
from tests.fakes.clock import Clock
from tests.fakes.house import House, running_house
from tests.fakes.showing import Showing, showing


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes", description="The message services as fakes, on loopback.")
    parser.add_argument("--port", type=int, default=0, help="of the page of what people see (default: a free one)")
    parser.add_argument("--line", action="store_true", help="one line of JSON; end with standard input")
    given = parser.parse_args()
    with running_house(Clock(source=wall)) as house, showing(house, given.port) as page, suppress(KeyboardInterrupt):
        if given.line:
            print(json.dumps({"page": page.address, "environment": house.environment()}), flush=True)
            sys.stdin.buffer.read()
        else:
            _say(house, page)
            threading.Event().wait()
    return 0


def _say(house: House, page: Showing) -> None:
    print(f"What people see: {page.address}\nThe product finds the services by:\n")
    for name, value in house.environment().items():
        print(f"export {name}={value}")
    print("\nCtrl-C ends them.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
