"""How a typed text finds an activity: by its characters, by their sounds, by initials, or by a mixture.

A text is kept twice: folded, and as its sounds, syllable by syllable: 图书馆 is also "tu'shu'guan". Letters
that somebody types fit where they begin with a syllable and each next one either goes on in it or begins the
next: so "tushuguan", "tsg" and "tushug" all find it. Plain Python.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MOST_WORDS: Final = 8
LONGEST_QUERY: Final = 100
# Longer runs of letters are no sounds of anything; they are looked for as they stand.
LONGEST_SOUND: Final = 40
# Before a gram of sounds, so that it is never taken for one of the text.
_OF_SOUND: Final = "'"
_LETTERS: Final = re.compile(r"[a-z0-9]+")
_EACH: Final = re.compile(r"[a-z0-9]+|.")
_MOST_SOUNDS: Final = 3
_RUNS: Final = re.compile(r"[a-z0-9]+|[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an activity's words so that typed texts find it."""

    text: str
    sounds: str
    grams: list[str]


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


def kept(*texts: str) -> Kept:
    """Return the texts as finding keeps them: folded, as sounds, and the grams of both.

    texts  titles, places, names; empty ones count for nothing
    """
    text, heard = folded(*texts), sounds(*texts)
    return Kept(text, heard, sorted({*grams(text.split()), *_sound_grams(heard)}))


def sounds(*texts: str) -> str:
    """Return the texts as syllables without tones: "tu'shu'guan wen'lan'ge", a space between texts.

    First as it is read; where characters have other sounds, the text comes again with those (献血 is read
    xianxie, and typed xianxue), three times at most. Letters and digits stand for themselves; ü is v, as
    people type it.
    """
    # Its dictionary takes a third of a second to read, and only who writes activities asks for it.
    from pypinyin import Style, lazy_pinyin, pinyin

    def letters(rest: str) -> str:
        return " ".join(_LETTERS.findall(rest))

    heard: list[str] = []
    for text in texts:
        one = folded(text)
        heard.append("'".join(" ".join(lazy_pinyin(one, errors=letters)).split()))
        # A list is read character by character, with every sound that each may have.
        alone = pinyin(_EACH.findall(one), style=Style.NORMAL, heteronym=True, errors=letters)
        for turn in range(_MOST_SOUNDS):
            syllables = [sounds[min(turn, len(sounds) - 1)] for sounds in alone]
            heard.append("'".join(" ".join(syllables).split()))
    return " ".join(one for one in dict.fromkeys(heard) if one)


def runs(word: str) -> tuple[str, ...]:
    """Return a typed word in parts of one script each: 图书guan is 图书 and guan; each must be found.

    word  folded
    """
    return tuple(_RUNS.findall(word.replace("ü", "v")))


def is_sound(run: str) -> bool:
    """Return whether a run of a typed word may be how something sounds."""
    return len(run) <= LONGEST_SOUND and _LETTERS.fullmatch(run) is not None


def sound_pattern(run: str) -> str:
    """Return the regular expression by which typed letters fit kept sounds, for PostgreSQL and Python alike.

    run  letters and digits alone
    """
    return "(^|[' ])" + "([a-z0-9]*')?".join(run)


def sound_grams_wanted(run: str) -> list[str]:
    """Return the grams that whatever sounds like the run must have, sorted.

    run  letters and digits alone
    """
    if len(run) == 1:
        return [_OF_SOUND + run]
    return sorted({_OF_SOUND + run[i : i + 2] for i in range(len(run) - 1)})


def _sound_grams(heard: str) -> set[str]:
    found: set[str] = set()
    for text in heard.split():
        syllables = text.split("'")
        for one, following in zip(syllables, [*syllables[1:], ""], strict=True):
            found.add(_OF_SOUND + one[0])
            found.update(_OF_SOUND + one[i : i + 2] for i in range(len(one) - 1))
            # Whoever types initials, or leaves a syllable before its end, goes on with the next one's first.
            if following:
                found.update(_OF_SOUND + letter + following[0] for letter in one)
    return found
