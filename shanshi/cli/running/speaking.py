"""What the command line says: refusals in English and Chinese, since the terminal's language says little."""

from __future__ import annotations

import gettext
import sys
from functools import cache
from pathlib import Path

from rich.console import Console

from shanshi.kernel.errors import DomainError

LOCALES = Path(__file__).resolve().parents[3] / "locale"
out = Console(highlight=False, soft_wrap=True)
beside = Console(highlight=False, soft_wrap=True, stderr=True)


@cache
def chinese() -> gettext.NullTranslations:
    """Return the compiled Chinese. Works before Django is set up, which is when most can go wrong."""
    return gettext.translation("django", LOCALES, languages=["zh_Hans"], fallback=True)


def refuse(refusal: DomainError) -> None:
    """Print on stderr what is wrong and what to do, a line in each language."""
    said = f"{refusal} {filled(refusal.way, refusal)}".strip()
    words = chinese()
    in_chinese = filled(words.gettext(refusal.says), refusal) + filled(
        words.gettext(refusal.way) if refusal.way else "", refusal
    )
    print(f"Error: {said}", file=sys.stderr)
    if in_chinese.strip() and in_chinese != said:
        print(f"错误：{in_chinese}", file=sys.stderr)
    sys.stderr.flush()


def filled(sentence: str, refusal: DomainError) -> str:
    """Return the sentence with the refusal's facts."""
    return sentence.format(**refusal.facts) if refusal.facts else sentence


def say(english: str, chinese_too: str = "") -> None:
    """Print a line about what is going on; in both languages where a person waits for it."""
    out.print(f"{english}  {chinese_too}".rstrip(), markup=False)


def aside(english: str, chinese_too: str = "") -> None:
    """Print such a line on stderr, where it does not mix with what a program reads."""
    beside.print(f"{english}  {chinese_too}".rstrip(), markup=False)
