"""The one command of the project: `./dev VERB` (Windows: `py tools\\dev.py VERB`).

Runs on the standard library alone, because it is what installs everything else. Its first lines keep to
the oldest syntax there is, so that an old Python answers with a sentence rather than a traceback.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this very line is what tells people
    sys.stderr.write(
        "Hangbiao needs Python 3.11 or newer; this is Python %d.%d at %s.\n"  # noqa: UP031 - old syntax on purpose
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )
    sys.exit(1)

from ground.verbs import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
