"""The gallery, the frame, and the choice of appearance."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django import Settings

from shanshi.design import context, samples
from shanshi.foundation import doors
from shanshi.foundation.actor import Actor, Grant, Role

VOID = {"meta", "link", "input", "br", "hr", "img", "use"}


class Nesting(HTMLParser):
    """Finds a tag that is closed in the wrong place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"{tag} at {self.getpos()}")


def gallery(page: Client) -> str:
    answer = page.get("/design/gallery")
    assert answer.status_code == 200
    return answer.content.decode()


def written(source: str, language: str = "en", **values: object) -> str:
    with translation.override(language):
        return Template("{% load shanshi %}" + source).render(Context(values))


def test_the_gallery_s_tags_are_well_nested(page: Client) -> None:
    nesting = Nesting()
    nesting.feed(gallery(page))
    assert (nesting.wrong, nesting.open) == ([], [])


def test_a_page_carries_no_inline_script_and_no_inline_style(page: Client) -> None:
    text = gallery(page)
    assert re.findall(r"<script(?![^>]* src=)", text) == []
    assert re.findall(r"\sstyle=|<style|\son[a-z]+=|javascript:", text) == []


def test_every_page_switches_language_and_says_its_own(page: Client) -> None:
    text = gallery(page)
    assert '<html lang="en">' in text
    page.post("/design/appearance", {"language": "zh-hans"})
    assert page.cookies["language"]["httponly"]
    assert '<html lang="zh-Hans">' in gallery(page)


def test_the_gallery_shows_every_component(page: Client) -> None:
    text = gallery(page)
    folder = Path(samples.__file__).parent / "templates" / "design"
    names = {path.name for path in folder.glob("_*.html")}
    within_others = {"_seal.html", "_tools.html", "_theme.html", "_gallery.html"}
    parts = {"_field.html", "_places.html", "_ring.html", "_location.html"}
    shown = set(re.findall(r'class="gallery-name">(_[a-z]+\.html)', text))
    assert names - within_others - parts == shown


def test_large_text_is_remembered_and_leads_back_to_the_page(page: Client) -> None:
    answer = page.post("/design/appearance", {"elder": "1", "next": "/design/gallery"})
    assert (answer.status_code, answer["Location"]) == (302, "/design/gallery")
    assert '<html lang="en" data-elder>' in gallery(page)
    page.post("/design/appearance", {"elder": "0", "next": "/design/gallery"})
    assert '<html lang="en">' in gallery(page)


def test_a_theme_is_remembered_until_it_follows_the_device_again(page: Client) -> None:
    page.post("/design/appearance", {"theme": "dark"})
    assert '<html lang="en" data-theme="dark">' in gallery(page)
    page.post("/design/appearance", {"theme": ""})
    assert '<html lang="en">' in gallery(page)


@pytest.mark.parametrize(
    "wrong",
    [{"theme": "neon"}, {"elder": "2"}, {"theme": "dark", "elder": "<script>"}, {"language": "fr"}, {}],
)
def test_an_appearance_that_does_not_exist_sets_no_cookie_of_that_name(
    page: Client, wrong: dict[str, str]
) -> None:
    answer = page.post("/design/appearance", wrong)
    assert answer.status_code == 302
    kept = {
        name: answer.cookies[name].value for name in ("theme", "elder", "language") if name in answer.cookies
    }
    assert kept in ({}, {"theme": "dark"})


def test_the_choice_of_appearance_leads_nobody_to_another_site(page: Client) -> None:
    for elsewhere in ("https://example.org/", "//example.org", "javascript:alert(1)"):
        answer = page.post("/design/appearance", {"elder": "1", "next": elsewhere})
        assert answer["Location"] == "/"


def test_a_cookie_with_an_unknown_theme_follows_the_device(page: Client) -> None:
    page.cookies["theme"] = '"><script>'
    assert '<html lang="en">' in gallery(page)


def test_the_sample_scan_answers_and_refuses_like_a_till(page: Client) -> None:
    good = page.post("/design/gallery/scan", {"code": "<b>LIN</b>"})
    assert good.status_code == 200
    assert "&lt;b&gt;LIN&lt;/b&gt;" in good.content.decode()
    bad = page.post("/design/gallery/scan", {"code": ""})
    assert bad.status_code == 409
    assert "All 12 places of this shift are taken." in bad.content.decode()


def test_the_sample_code_says_how_long_it_lasts(page: Client) -> None:
    code = page.get("/design/gallery/code").json()
    assert code["code"].startswith("SHANSHI-GALLERY-")
    assert re.fullmatch(r"\d{6}", code["digits"])
    assert 0 < code["seconds"] <= 15


def test_the_demo_s_banner_shows_the_demo_s_clock(page: Client, settings: Settings) -> None:
    assert 'class="demo"' not in gallery(page)
    settings.SHANSHI_DEMO = True
    text = gallery(page)
    assert "Wednesday 20 March, 9:00</time>" in text
    assert 'href="/demo/outbox"' in text


def test_a_refusal_says_what_and_the_way_in_the_reader_s_language() -> None:
    full = samples.SampleFull(capacity=12)
    english = written("{% refusal error way_url='/x' way_label='Wait' %}", error=full)
    assert "All 12 places of this shift are taken." in english
    assert "Join the waiting list, or choose the shift on Thursday." in english
    assert 'href="/x"' in english
    assert 'data-code="design.sample_full"' in english
    assert "本场次 12 个名额已满。" in written("{% refusal error %}", "zh-hans", error=full)


def test_the_filters_speak_the_reader_s_language() -> None:
    source = (
        "{{ 210|hours }}; {{ 150|coins }}; {{ when|day_and_time }}; {{ 3|ordinal }}; {{ '林小雨'|masked }}"
    )
    when = samples.MORNING
    assert written(source, when=when) == "3 h 30 min; 2.5 coins; Tuesday 26 March, 9:00–11:30; 3rd; 林*"
    assert (
        written(source, "zh-hans", when=when) == "3小时30分; 2.5 益币; 3月26日 星期二 9:00–11:30; 第3位; 林*"
    )


def test_a_filter_of_nothing_writes_nothing() -> None:
    names = (
        "hours coins number day weekday time_of_day day_and_time days masked at_least ordinal distance yuan"
    )
    for name in names.split():
        assert written(f"{{{{ nothing|{name} }}}}", nothing=None) == ""


def test_a_masked_name_never_reaches_the_page() -> None:
    assert "小雨" not in written("{% include 'design/_name.html' with name='林小雨' %}")


def test_navigation_shows_only_pages_that_exist_and_roles_that_are_held(settings: Settings) -> None:
    leader = Actor(grants=(Grant(Role.LEADER, "organization:x"),))
    assert context.navigation(leader, "/") == []
    settings.ROOT_URLCONF = "tests.design.portal_urls"
    with translation.override("en"):
        assert [entry["label"] for entry in context.navigation(Actor(), "/")] == ["Home", "Find", "My page"]
        entries = context.navigation(leader, "/lead/7")
    assert [(entry["label"], entry["current"]) for entry in entries] == [
        ("Home", False),
        ("Find", False),
        ("My shifts", True),
        ("My page", False),
    ]


def test_a_wrong_field_points_to_its_error() -> None:
    form = samples.SampleForm({"name": ""})
    text = written("{% include 'design/_form.html' %}", form=form)
    assert 'aria-describedby="id_name_helptext id_name_error"' in text
    assert 'id="id_name_error"' in text
    assert '<a href="#id_name">Your name</a>' in text


def test_the_frame_reads_the_cookies_alone() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["elder"] = "1"
    frame = context.frame(request)
    assert (frame["theme"], frame["elder"], frame["demo"]) == ("", True, None)


@pytest.mark.parametrize("name", ["404.html", "403_csrf.html", "500.html", "design/refusal.html"])
def test_a_page_of_trouble_offers_a_way_on(name: str) -> None:
    request = RequestFactory().get("/nowhere")
    told = {"refusal": doors.refusal(samples.SampleFull(capacity=12))}
    text = render_to_string(name, told, None if name == "500.html" else request)
    assert 'href="/"' in text


def test_an_address_that_does_not_exist_is_answered_in_the_frame(page: Client) -> None:
    answer = page.get("/design/nowhere")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
