"""The demo company: a seeded generator of ordinary files, when each of them arrives, and the demo's own commands.

`generate` writes the files of a plainly fictional maker of consumer goods (青帆食品（演示）) and, beside them, truth.json:
the causes that were planted. The product reads the files through its ordinary importer and never reads the truth.
"""
