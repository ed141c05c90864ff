"""One module per verb of `hangbiao`: `add(parser)` says its words, `run(args) -> int` does it.

The module's first line is its help text. Nothing here imports Django at the top, so that `--help` answers at once;
`run` opens with `with ready("verb"):` from `hangbiao.site.boot`.
"""
