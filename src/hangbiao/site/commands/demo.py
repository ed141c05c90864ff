"""Run the demo company: 300 reps, imported and lit, with a board to open."""

import argparse


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do everything, print the board as text, stop")
    parser.add_argument("--fresh", action="store_true", help="forget the demo company and found it anew")
    parser.add_argument("--port", type=int, default=8000, help="8000; the next free one if it is taken")
    parser.add_argument("--reps", type=int, default=300, help=argparse.SUPPRESS)
    parser.add_argument("--lines", type=int, default=2_000_000, help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    from hangbiao.site.demo.run import main

    return main(args)
