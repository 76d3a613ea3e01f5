"""How a typed text finds an activity, in characters and letters alike. Plain Python."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

MOST_WORDS: Final = 8
LONGEST_QUERY: Final = 100


def folded(*texts: str) -> str:
    """Return the texts as one, in lower case, full-width letters made plain, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", " ".join(texts)).casefold().replace("\x00", "").split())


def words(query: str) -> tuple[str, ...]:
    """Return what a person typed as folded words; each must be part of what is found.

    query  only its first 100 characters and 8 words count
    """
    return tuple(folded(query[:LONGEST_QUERY]).split()[:MOST_WORDS])


def grams(words: Iterable[str]) -> list[str]:
    """Return every single character and every two neighbours of the words, sorted: what the index holds.

    words  folded, without spaces
    """
    found: set[str] = set()
    for word in words:
        found.update(word)
        found.update(word[i : i + 2] for i in range(len(word) - 1))
    return sorted(found)


def grams_wanted(words: Iterable[str]) -> list[str]:
    """Return the grams that anything holding all words must have, as few as are needed, sorted.

    words  folded, without spaces
    """
    found: set[str] = set()
    for word in words:
        found.update([word] if len(word) == 1 else (word[i : i + 2] for i in range(len(word) - 1)))
    return sorted(found)
