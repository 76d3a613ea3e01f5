"""Which texts can be kept. Plain Python: no tables, no clock."""

from __future__ import annotations

from shanshi.kernel.errors import N_, Invalid


class TextUnwritable(Invalid):
    """A text holds a null or half of a character."""

    code = "activities.text_unwritable"
    says = N_("A text holds what is no character.")
    way = N_("Type the text again.")


def is_writable(text: str) -> bool:
    """Whether a text can be kept: no null, and no half of a character."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def check_writable(*texts: str) -> None:
    """Return nothing: the texts can be kept.

    Raises TextUnwritable.
    """
    if not all(is_writable(text) for text in texts):
        raise TextUnwritable
