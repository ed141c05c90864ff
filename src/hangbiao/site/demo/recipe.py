"""The name of the demo's recipe: a digest of the sources that write its files and of the mappings that read them."""

from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
NOT_THE_FILES = {"run.py", "passage.py", "people.py", "pages.py", "recipe.py", "urls.py", "clockwork.py"}


def digest() -> str:
    sources = [p for p in sorted(HERE.glob("*.py")) if p.name not in NOT_THE_FILES]
    pack = sorted((HERE.parents[1] / "packs" / "fmcg_sales").glob("*.yaml"))
    whole = sha256()
    for path in sources + pack:
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()[:16]
