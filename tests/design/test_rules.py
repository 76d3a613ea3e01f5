"""How figures, times and names are written."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanshi.design import rules
from shanshi.kernel.quantities import CITY_ZONE

ZH, EN = "zh-hans", "en"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2019, 3, day, hour, minute, tzinfo=CITY_ZONE)


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (0, "0 min", "0分钟"),
        (45, "45 min", "45分钟"),
        (60, "1 h", "1小时"),
        (210, "3 h 30 min", "3小时30分"),
        (90_001, "1,500 h 1 min", "1,500小时1分"),
        (-65, "−1 h 5 min", "−1小时5分"),
    ],
)
def test_hours_are_said_as_people_say_them(minutes: int, english: str, chinese: str) -> None:
    assert rules.hours_text(minutes, EN) == english
    assert rules.hours_text(minutes, ZH) == chinese


@pytest.mark.parametrize(
    ("units", "english", "chinese"),
    [
        (0, "0 coins", "0 益币"),
        (60, "1 coin", "1 益币"),
        (150, "2.5 coins", "2.5 益币"),
        (105, "1.75 coins", "1.75 益币"),
        (6, "0.1 coins", "0.1 益币"),
        (140, "2 20/60 coins", "2又20/60 益币"),
        (20, "20/60 coins", "20/60 益币"),
        (-60, "−1 coin", "−1 益币"),
        (72_000, "1,200 coins", "1,200 益币"),
    ],
)
def test_coins_are_never_rounded(units: int, english: str, chinese: str) -> None:
    assert rules.coins_text(units, EN) == english
    assert rules.coins_text(units, ZH) == chinese


@given(st.integers(min_value=-10_000_000, max_value=10_000_000))
def test_what_is_written_of_coins_can_be_read_back_to_the_unit(units: int) -> None:
    text = rules.coin_number(units, EN).replace(",", "").replace("−", "-")
    sign = -1 if text.startswith("-") else 1
    whole, _, sixtieths = text.lstrip("-").rpartition(" ")
    if sixtieths.endswith("/60"):
        read = int(whole or 0) * 60 + int(sixtieths.removesuffix("/60"))
    else:
        coins, _, decimals = sixtieths.partition(".")
        read = int(coins) * 60 + int(decimals or 0) * 60 // 10 ** len(decimals)
    assert sign * read == units


def test_a_shift_is_written_with_its_day_and_both_its_times() -> None:
    assert rules.day_and_time_text(at(5, 9), at(5, 11, 30), EN) == "Tuesday 5 March, 9:00–11:30"
    assert rules.day_and_time_text(at(5, 9), at(5, 11, 30), ZH) == "3月5日 星期二 9:00–11:30"


def test_a_shift_over_midnight_names_both_days() -> None:
    assert (
        rules.day_and_time_text(at(5, 22), at(6, 2), EN) == "Tuesday 5 March, 22:00 – Wednesday 6 March, 2:00"
    )
    assert rules.day_and_time_text(at(5, 22), at(6, 2), ZH) == "3月5日 星期二 22:00 – 3月6日 星期三 2:00"


def test_a_moment_of_another_year_carries_its_year() -> None:
    assert rules.day_and_time_text(at(5, 9), None, EN, year=True) == "Tuesday 5 March 2019, 9:00"
    assert rules.day_and_time_text(at(5, 9), None, ZH, year=True) == "2019年3月5日 星期二 9:00"


@pytest.mark.parametrize(
    ("first", "last", "english", "chinese"),
    [
        (date(2019, 3, 5), date(2019, 3, 5), "5 March 2019", "2019年3月5日"),
        (date(2019, 3, 5), date(2019, 3, 12), "5–12 March 2019", "2019年3月5日至12日"),
        (date(2019, 3, 5), date(2019, 4, 2), "5 March – 2 April 2019", "2019年3月5日至4月2日"),
        (
            date(2018, 12, 30),
            date(2019, 1, 2),
            "30 December 2018 – 2 January 2019",
            "2018年12月30日至2019年1月2日",
        ),
        (date(2019, 3, 5), None, "from 5 March 2019", "2019年3月5日起"),
    ],
)
def test_a_span_of_days_says_month_and_year_once(
    first: date, last: date | None, english: str, chinese: str
) -> None:
    assert rules.days_text(first, last, EN) == english
    assert rules.days_text(first, last, ZH) == chinese


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("林小雨", "林*"),
        ("林雨", "林*"),
        ("欧阳明", "欧阳*"),
        ("欧阳", "欧*"),
        ("Ann Lee", "A*"),
        ("", ""),
        (" 林 ", "林*"),
    ],
)
def test_a_mask_keeps_the_surname_and_hides_how_long_the_name_is(name: str, mask: str) -> None:
    assert rules.masked_name(name) == mask


def test_a_lower_bound_is_printed_as_the_bulletin_prints_it() -> None:
    assert rules.at_least_text(150, "人", ZH) == "150余人"
    assert rules.at_least_text(150, "people", EN) == "more than 150 people"
    assert rules.at_least_text(60_000, "", EN) == "more than 60,000"


@pytest.mark.parametrize(
    ("position", "english"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (22, "22nd"), (113, "113th")],
)
def test_a_place_in_the_queue_is_an_ordinal(position: int, english: str) -> None:
    assert rules.ordinal_text(position, EN) == english
    assert rules.ordinal_text(position, ZH) == f"第{position}位"


@pytest.mark.parametrize(
    ("metres", "english", "chinese"),
    [(0, "0 m", "0米"), (999, "999 m", "999米"), (1000, "1 km", "1公里"), (1_290, "1.2 km", "1.2公里")],
)
def test_a_distance_is_rounded_down_from_a_kilometre_on(metres: int, english: str, chinese: str) -> None:
    assert rules.distance_text(metres, EN) == english
    assert rules.distance_text(metres, ZH) == chinese


def test_money_shows_both_places_of_fen() -> None:
    assert [rules.yuan_text(fen) for fen in (0, 5, 1250, -300_000)] == [
        "¥0.00",
        "¥0.05",
        "¥12.50",
        "−¥3,000.00",
    ]


def test_a_bar_never_overflows() -> None:
    assert rules.share(13, 12) == rules.Share(12, 12)
    assert rules.share(-1, 12) == rules.Share(0, 12)
    assert rules.share(3, 0) == rules.Share(0, 0)


def test_black_on_white_has_the_highest_contrast() -> None:
    assert rules.contrast_per_cent("#000000", "#ffffff") == 2100
    assert rules.contrast_per_cent("#ffffff", "#ffffff") == 100
