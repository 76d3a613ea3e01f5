"""Every message of every room: its Chinese is there, and both languages say the same facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext

from shanshi.notices.queries import worded
from shanshi.notices.rules import packed
from tests.house.code import ROOT, files, tree

CHINESE = re.compile(r"[\u4e00-\u9fff]")
FACT = re.compile(r"\{([a-z_]+)\}")
# A text message of two parts; the platform's own mark stands before it.
LONGEST = 130


@dataclass(frozen=True)
class Written:
    """A message as it stands in the code."""

    template: str
    title: str
    text: str
    facts: frozenset[str]
    where: str


def _text(node: ast.expr | None) -> str:
    """The literal in N_("..."), or a plain one."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _messages() -> Iterator[Written]:
    for path in files("shanshi"):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "Message":
                continue
            given = {word.arg: word.value for word in node.keywords}
            if "template" not in given or not isinstance(given["template"], ast.Constant):
                continue
            facts = given.get("facts")
            names = [_text(key) for key in facts.keys] if isinstance(facts, ast.Dict) else []
            yield Written(
                _text(given["template"]),
                _text(given.get("title")),
                _text(given.get("text")),
                frozenset(names),
                str(path.relative_to(ROOT)),
            )


MESSAGES = sorted(_messages(), key=lambda one: one.template)
SAMPLES: dict[str, Any] = {
    "_at": datetime(2019, 3, 21, 1, tzinfo=UTC), "until": datetime(2019, 3, 21, 1, tzinfo=UTC),
    "_on": date(2019, 3, 21), "_coins": 150, "_minutes": 150, "_word": "Leader",
}  # fmt: skip


def sample(name: str) -> Any:
    return next((value for ending, value in SAMPLES.items() if name.endswith(ending)), "文澜")


def chinese(text: str) -> str:
    with translation.override("zh-hans"):
        return gettext(text)


def test_there_are_messages_and_each_has_a_name_of_its_room() -> None:
    names = [one.template for one in MESSAGES]
    assert len(names) >= 18
    assert len(set(names)) == len(names)
    wrong = [one for one in MESSAGES if one.where.split("/")[1] != one.template.partition(".")[0]]
    assert wrong == []


@pytest.mark.parametrize("one", MESSAGES, ids=lambda one: one.template)
def test_a_message_says_its_facts_in_both_languages(one: Written) -> None:
    assert one.text, "a literal, so that it can be translated"
    assert one.title, "a literal for lists and subjects"
    assert set(FACT.findall(one.text)) == one.facts
    assert set(FACT.findall(one.title)) <= one.facts
    for text in (one.text, one.title):
        assert set(FACT.findall(chinese(text))) == set(FACT.findall(text))
        assert chinese(text) != text or not re.search("[a-z]", FACT.sub("", text)), "no Chinese"
    facts = packed({name: sample(name) for name in one.facts})
    english, other = (worded(one.text, facts, code) for code in ("en", "zh-hans"))
    assert "{" not in english + other
    assert "…" not in english + other
    assert len(other) <= LONGEST
    assert CHINESE.search(other)


@pytest.mark.parametrize("one", MESSAGES, ids=lambda one: one.template)
def test_no_fact_says_who_somebody_is(one: Written) -> None:
    assert not {name for name in one.facts if re.search(r"name|phone|email|number|person", name)}
