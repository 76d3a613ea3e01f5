"""What a reader of a page reads."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

_TAG = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", re.DOTALL)
_CHINESE = re.compile("[\u4e00-\u9fff]")


def text_of(answer: Any) -> str:
    """The words of a page, without tags, with single spaces."""
    return " ".join(unescape(_TAG.sub(" ", answer.content.decode())).split())


def main_of(answer: Any) -> str:
    """The words between <main> and </main>."""
    body = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    assert body is not None
    return " ".join(unescape(_TAG.sub(" ", body.group())).split())


def has_chinese(text: str) -> bool:
    """Whether a Chinese character stands in it."""
    return bool(_CHINESE.search(text))
