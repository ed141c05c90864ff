"""The promised figures, measured: `./dev bench [GROUP…] [--json FILE] [--long]`.

One module per group with `figures(long: bool) -> dict[str, float | None]`; `promises.py` says what each must be. A group
may also have `needs() -> str`: a sentence if it cannot be measured here, empty if it can.
"""
