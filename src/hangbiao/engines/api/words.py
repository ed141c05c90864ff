"""Sentences of the interface that wait for the reader's language. Import `lazily` as `_`, so that they are found."""

from typing import cast

from django.utils.translation import gettext_lazy


def lazily(text: str) -> str:
    """The text in the language of the moment in which it is said; to ninja and pydantic it is a `str`."""
    return cast("str", gettext_lazy(text))
