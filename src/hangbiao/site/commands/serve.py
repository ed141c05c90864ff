"""Serve the pages of the real database."""

import argparse
import sys

from hangbiao.site.boot import load


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="8000; the next free one if it is taken")
    parser.add_argument("--host", default="127.0.0.1", help="127.0.0.1: this machine only")
    parser.add_argument("--threads", type=int, default=8)


def run(args: argparse.Namespace) -> int:
    from hangbiao.site.web import free_port, serve

    load(migrated=True)  # no scope here: every request brings its own
    port = free_port(args.port, args.host)
    sys.stderr.write(f"Hangbiao answers on http://{args.host}:{port}/ (Ctrl-C stops it)\n")
    serve(port, args.host, args.threads)
    return 0
