"""House rules that ruff and import-linter cannot see: each rule is one function over one file's syntax tree.

A line that must break a rule carries `# lint-skip: CODE` and its reason. Run by tests/house; `base` walks, `rules` judge.
"""
