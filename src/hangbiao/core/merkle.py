"""The root hash of a list, as RFC 9162 section 2.1.1 defines it. Page: docs/rules/merkle.md."""

import hashlib
from collections.abc import Iterable

_LEAF, _NODE = b"\x00", b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one entry; its prefix keeps an entry from passing for an inner node."""
    return hashlib.sha256(_LEAF + leaf).digest()


def tree_hash(leaves: Iterable[bytes]) -> bytes:
    """32 bytes that change whenever an entry, its place or the number of entries does.

    Full subtrees are folded as they are completed, so a long list needs memory for its depth only.
    The empty list has the hash of nothing.
    """
    waiting: list[tuple[int, bytes]] = []  # (height, hash) of full subtrees, highest first
    for leaf in leaves:
        height, digest = 0, leaf_hash(leaf)
        while waiting and waiting[-1][0] == height:
            digest = _join(waiting.pop()[1], digest)
            height += 1
        waiting.append((height, digest))
    if not waiting:
        return hashlib.sha256().digest()
    root = waiting.pop()[1]
    while waiting:
        root = _join(waiting.pop()[1], root)
    return root


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


# What the journal calls it; the same function.
root = tree_hash
