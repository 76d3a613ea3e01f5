"""What people agree to, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from shanshi.registry.rules import ConsentText, Purpose


@dataclass(frozen=True, slots=True)
class TextWords:
    """A consent's text in the reader's language."""

    purpose: Purpose
    version: str
    title: str
    parts: tuple[tuple[str, str], ...]
    stops: str
    source: str


def text_words(text: ConsentText) -> TextWords:
    """Return a consent's text in the reader's language."""
    if (get_language() or "zh-hans").startswith("zh"):
        parts = tuple((part.title_zh, part.text_zh) for part in text.parts)
        return TextWords(text.purpose, text.version, text.title_zh, parts, text.stops_zh, text.source_zh)
    parts = tuple((part.title, part.text) for part in text.parts)
    return TextWords(text.purpose, text.version, text.title, parts, text.stops, text.source)
