"""Components see what they are given, and pages use only classes that exist."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError

from shanshi.design import rules
from shanshi.design.templatetags.components import COMPONENTS

ROOM = Path(rules.__file__).parent
PRODUCT = ROOM.parent
FOLDER = ROOM / "templates" / "design"
# Names that tests and readers of the page look for; they look like nothing.
MARKS = {"consent", "recovery-codes", "token"}
WITHIN_THE_FRAME = {"_gallery", "_seal", "_theme", "_tools"}


def written(source: str, **values: object) -> str:
    return Template("{% load shanshi %}" + source).render(Context(values))


def test_a_button_stays_a_button_on_a_page_with_an_address_of_its_own() -> None:
    include = '{% include "design/_button.html" with label="Send" %}'
    assert written(include, url="/elsewhere", name="x", kind="grave") == written(include)


def test_what_a_component_needs_it_finds_on_the_page() -> None:
    card = {"title": "文明引导", "url": "/a", "field": "文明"}
    loop = '{% for card in cards %}{% include "design/_card.html" %}{% endfor %}'
    assert "文明引导" in written(loop, cards=[card])


def test_a_component_s_form_carries_the_token_of_the_page() -> None:
    source = '{% include "design/_confirm.html" with label="x" question="y" action="/z" %}'
    assert 'name="csrfmiddlewaretoken" value="abc"' in written(source, csrf_token="abc")


def test_an_argument_that_a_component_does_not_know_is_an_error() -> None:
    with pytest.raises(TemplateSyntaxError, match="does not know icon; it takes: label url"):
        Template('{% include "design/_button.html" with label="x" icon="star" %}')


def test_every_component_says_what_it_takes() -> None:
    assert {path.stem for path in FOLDER.glob("_*.html")} - WITHIN_THE_FRAME == set(COMPONENTS)


def test_every_class_of_a_page_stands_in_a_sheet() -> None:
    """A class that no sheet knows does nothing; the sheets are ours, so that pages stay light."""
    sheets = "".join(path.read_text() for path in PRODUCT.glob("*/static/**/*.css"))
    known = set(re.findall(r"\.([a-z][a-z0-9-]*)", sheets))
    unknown = set()
    for path in PRODUCT.glob("*/templates/**/*.html"):
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "§", path.read_text())
        words = " ".join(re.findall(r'\sclass="([^"]*)"', text)).split()
        unknown |= {(path.name, word) for word in words if "§" not in word and word not in known}
    assert {pair for pair in unknown if pair[1] not in MARKS} == set()
