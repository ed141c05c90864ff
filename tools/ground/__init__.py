"""What stands under the house: finding Python and Node, installing, building, starting. Standard library only.

`tools/dev.py` is the door; `steps` remembers what is done, `setup` lists the steps, `browser` gets one for the tests,
`verbs` says what each word after `./dev` does.
"""
