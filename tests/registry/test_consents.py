"""What people agree to: every purpose has its text in both languages; giving, withdrawing, new versions."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from shanshi.kernel.errors import Missing, SignInNeeded
from shanshi.registry import models, operations, queries, rules
from shanshi.registry.rules import Purpose
from tests.cast import LIN

DAY = date(2019, 3, 20)
WHOLE: dict[str, Any] = {
    "purpose": "location",
    "title": "Where",
    "title_zh": "位置",
    "default": "none",
    "asked_of": "volunteer",
    "versions": [
        {
            "valid_from": date(2015, 1, 1),
            "source": "a law",
            "source_zh": "法",
            "stops": "All.",
            "stops_zh": "全部。",
            "parts": [{"title": "What", "title_zh": "内容", "text": "Words.", "text_zh": "文字，\n 文字"}],
        }
    ],
}


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_purpose_has_its_text_in_both_languages_with_its_law(purpose):
    text = queries.consent_text(purpose, DAY)
    assert text.version == f"{purpose}@{text.valid_from}"
    assert (Path(settings.CONSENT_FILES) / f"{purpose}.yaml").exists()
    for words in (text.title_zh, text.stops_zh, text.source_zh, *(part.text_zh for part in text.parts)):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in words)
    for words in (text.title, text.stops, text.source, *(part.text for part in text.parts)):
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in words)
    assert "PIPL" in text.source


def test_no_file_lies_there_without_a_purpose():
    assert {path.stem for path in Path(settings.CONSENT_FILES).iterdir()} == {*Purpose}


def test_only_the_terms_come_with_registering():
    defaults = {text.purpose: text.default for text in queries.consent_texts(DAY)}
    assert [one for one, default in defaults.items() if default == rules.Default.REGISTERED] == [
        Purpose.TERMS
    ]


def test_chinese_that_stands_on_several_lines_has_no_gap():
    (text,) = rules.consent_texts("location.yaml", WHOLE)
    assert text.parts[0].text_zh == "文字，文字"


@pytest.mark.parametrize("missing", ["title_zh", "default", "asked_of", "versions"])
def test_a_file_that_is_not_whole_says_what_is_missing(missing):
    raw = {name: value for name, value in WHOLE.items() if name != missing}
    with pytest.raises(rules.ConsentFileInvalid) as refused:
        rules.consent_texts("location.yaml", raw)
    assert refused.value.facts["where"] == missing


@pytest.mark.parametrize("missing", ["source_zh", "stops", "parts", "valid_from"])
def test_a_version_that_is_not_whole_says_what_is_missing(missing):
    version = {name: value for name, value in WHOLE["versions"][0].items() if name != missing}
    with pytest.raises(rules.ConsentFileInvalid) as refused:
        rules.consent_texts("location.yaml", {**WHOLE, "versions": [version]})
    assert refused.value.facts["where"] == missing


def test_the_text_of_a_day_is_the_latest_that_was_shown_by_then():
    later = {**WHOLE["versions"][0], "valid_from": date(2019, 6, 1)}
    texts = rules.consent_texts("location.yaml", {**WHOLE, "versions": [later, *WHOLE["versions"]]})
    assert [text.version for text in texts] == ["location@2015-01-01", "location@2019-06-01"]
    assert rules.text_on(texts, date(2019, 5, 31)) == texts[0]
    assert rules.text_on(texts, date(2019, 6, 1)) == texts[1]
    assert rules.text_on(texts, date(2000, 1, 1)) == texts[0]


@pytest.mark.parametrize(
    ("asked_of", "age", "is_guardian", "may"),
    [
        ("volunteer", 30, False, True),
        ("volunteer", 30, True, False),
        ("volunteer", 15, False, True),
        ("volunteer", 15, True, False),
        ("volunteer", 13, False, False),
        ("volunteer", 13, True, True),
        ("guardian", 15, True, True),
        ("guardian", 15, False, False),
        ("guardian", 18, True, False),
    ],
)
def test_who_agrees_for_whom(asked_of, age, is_guardian, may):
    try:
        rules.check_may_consent(rules.AskedOf(asked_of), age=age, is_guardian=is_guardian)
    except rules.NotYoursToConsent:
        assert not may
    else:
        assert may


@pytest.fixture
def folder(tmp_path, settings):
    """A folder of texts of one's own, to which a newer version can be added."""
    for path in Path(settings.CONSENT_FILES).iterdir():
        (tmp_path / path.name).write_text(path.read_text())
    settings.CONSENT_FILES = tmp_path
    return tmp_path


def add_version(folder: Path, purpose: str, valid_from: date) -> None:
    """Let a newer text stand beside the older one."""
    path = folder / f"{purpose}.yaml"
    raw = yaml.safe_load(path.read_text())
    raw["versions"].append({**raw["versions"][0], "valid_from": valid_from})
    path.write_text(yaml.safe_dump(raw, allow_unicode=True))


@pytest.mark.django_db
def test_a_consent_is_given_and_withdrawn_and_remembered(cast, at):
    lin, later = cast.lin, at + timedelta(hours=1)
    holder_id, version = lin.volunteer(), "location@2015-01-01"
    for _ in range(2):
        operations.give_consent(holder_id, "location", text_version=version, by=lin, at=at)
    assert queries.consented([holder_id], Purpose.LOCATION) == {holder_id}
    assert operations.withdraw_consent(holder_id, "location", by=lin, at=later) is True
    assert operations.withdraw_consent(holder_id, "location", by=lin, at=later) is False
    assert queries.consented([holder_id], Purpose.LOCATION) == frozenset()
    row = models.Consent.objects.get(holder_id=holder_id, purpose="location")
    assert (row.given_by, row.withdrawn_at, row.withdrawn_by) == (lin.person_id, later, lin.person_id)
    operations.give_consent(holder_id, "location", text_version=version, by=lin, at=later)
    standing = queries.standings(holder_id, at=later)[Purpose.LOCATION]
    assert standing.is_given
    assert [one.withdrawn_at for one in standing.history] == [None, later]


@pytest.mark.django_db
def test_nobody_agrees_to_a_text_that_is_no_longer_shown(cast, at):
    lin = cast.lin
    with pytest.raises(rules.ConsentTextOld):
        operations.give_consent(lin.volunteer(), "bank", text_version="bank@1999-01-01", by=lin, at=at)
    with pytest.raises(rules.ConsentTextUnknown):
        operations.give_consent(lin.volunteer(), "everything", text_version="1", by=lin, at=at)
    with pytest.raises(Missing):
        operations.give_consent(cast.lin.known(), "bank", text_version="bank@2015-01-01", by=lin, at=at)
    from shanshi.foundation.actor import VISITOR

    with pytest.raises(SignInNeeded):
        operations.withdraw_consent(lin.volunteer(), "terms", by=VISITOR, at=at)
    assert queries.consented([lin.volunteer()], Purpose.BANK) == frozenset()
    assert queries.consented([lin.volunteer()], Purpose.TERMS) == {lin.volunteer()}


@pytest.mark.django_db
def test_new_terms_are_asked_again_and_the_old_consent_ends_with_the_new_one(cast, at, folder):
    lin = cast.lin
    queries.check_terms(lin.volunteer(), at=at)
    add_version(folder, "terms", at.date())
    with pytest.raises(rules.TermsChanged):
        queries_afresh().check_terms(lin.volunteer(), at=at)
    assert queries.standings(lin.volunteer(), at=at)[Purpose.TERMS].is_old
    new = f"terms@{at.date()}"
    later = at + timedelta(minutes=1)
    operations.give_consent(lin.volunteer(), "terms", text_version=new, by=lin, at=later)
    queries.check_terms(lin.volunteer(), at=later)
    standing = queries.standings(lin.volunteer(), at=later)[Purpose.TERMS]
    assert [(one.version, one.is_replaced) for one in standing.history] == [
        (new, False),
        ("terms@2015-01-01", True),
    ]


@pytest.mark.django_db
def test_who_registers_under_new_terms_agrees_to_those(cast, at, folder, prove, typed):
    add_version(folder, "terms", at.date())
    queries_afresh()
    from shanshi.foundation.actor import Actor

    person_id = prove(LIN)
    old = typed(LIN, person_id=person_id, phone=None, consents=("terms@2015-01-01",))
    with pytest.raises(rules.ConsentNeeded):
        operations.register(old, by=Actor(person_id), at=at)
    new = typed(LIN, person_id=person_id, phone=None, consents=(f"terms@{at.date()}",))
    assert operations.register(new, by=Actor(person_id), at=at).terms == f"terms@{at.date()}"


@pytest.mark.django_db
def test_names_on_boards_are_those_of_who_agreed_and_never_a_childs(cast, at):
    lin, mei, wu = cast.lin, cast.mei, cast.wu
    version = "name_on_boards@2015-01-01"
    for one in (lin, mei):
        operations.give_consent(one.volunteer(), "name_on_boards", text_version=version, by=one, at=at)
    holders = [lin.volunteer(), mei.volunteer(), wu.volunteer()]
    assert queries.names_on_boards(holders, on=at.date()) == {lin.volunteer(): "林*", mei.volunteer(): "沈*"}
    # On a day on which Mei was still 13, even her consent would name nobody.
    assert queries.names_on_boards(holders, on=date(2018, 1, 8)) == {lin.volunteer(): "林*"}
    operations.withdraw_consent(lin.volunteer(), "name_on_boards", by=lin, at=at)
    assert lin.volunteer() not in queries.names_on_boards(holders, on=at.date())


def queries_afresh():
    """The texts are read once; a test that adds one reads them anew."""
    from shanshi.registry.queries import consents

    consents._read.cache_clear()
    return queries
