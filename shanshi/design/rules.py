"""How figures, times and names are written for people. Plain Python: values in, text out.

`language` is a code such as "zh-hans" or "en"; any code that begins with "zh" is written in Chinese, any
other in English. Times are shown in the zone that they carry: the caller turns them to the reader's first.
"""

from dataclasses import dataclass
from datetime import date, datetime

from shanshi.kernel.quantities import COIN_UNITS, HOUR_MINUTES

METRES_PER_KILOMETRE = 1000
FEN_PER_YUAN = 100

WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS_ZH = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# Surnames of two characters that are still common; a mask keeps the whole surname.
COMPOUND_SURNAMES = frozenset(
    (
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "司空",
        "东方",
        "独孤",
        "南宫",
        "长孙",
        "宇文",
        "端木",
        "百里",
        "呼延",
        "轩辕",
        "闻人",
        "钟离",
    )
)


@dataclass(frozen=True, slots=True)
class Share:
    """How far something has gone: `done` of `whole`, both from 0 on, `done` never above `whole`."""

    done: int
    whole: int


def is_chinese(language: str) -> bool:
    """Return whether texts in this language are written in Chinese."""
    return language.lower().startswith("zh")


def number_text(number: int) -> str:
    """Return a whole number with a comma between thousands: 9,806,000."""
    return f"{number:,}".replace("-", "−")


def hours_text(minutes: int, language: str) -> str:
    """Return a length of service as people say it: `3 h 30 min`, `3小时30分`, `45 min`, `45分钟`.

    minutes  service minutes; below zero for what was taken back
    """
    hours, rest = divmod(abs(minutes), HOUR_MINUTES)
    sign = "−" if minutes < 0 else ""
    if is_chinese(language):
        if not hours:
            return f"{sign}{rest}分钟"
        return f"{sign}{number_text(hours)}小时" + (f"{rest}分" if rest else "")
    if not hours:
        return f"{sign}{rest} min"
    return f"{sign}{number_text(hours)} h" + (f" {rest} min" if rest else "")


def coin_number(units: int, language: str) -> str:
    """Return an amount of coins without its word, always exact: `2`, `2.5`, `1.75`, `2 20/60`, `2又20/60`.

    Halves, tenths and quarters are written as decimals; anything else stays in sixtieths, because a sixtieth
    is the minute of service it came from, and a rounded third would never add up.

    units  60 make one coin; below zero for what was spent
    """
    coins, rest = divmod(abs(units), COIN_UNITS)
    sign = "−" if units < 0 else ""
    if rest == 0:
        return f"{sign}{number_text(coins)}"
    if rest % 6 == 0:
        return f"{sign}{number_text(coins)}.{rest // 6}"
    if rest % 15 == 0:
        return f"{sign}{number_text(coins)}.{rest * 100 // COIN_UNITS}"
    if coins == 0:
        return f"{sign}{rest}/60"
    joint = "又" if is_chinese(language) else " "
    return f"{sign}{number_text(coins)}{joint}{rest}/60"


def coins_text(units: int, language: str) -> str:
    """Return an amount of coins with its word: `2.5 coins`, `1 coin`, `2.5 益币`.

    units  60 make one coin; below zero for what was spent
    """
    number = coin_number(units, language)
    if is_chinese(language):
        return f"{number} 益币"
    return f"{number} coin" if abs(units) == COIN_UNITS else f"{number} coins"


def day_text(day: date, language: str, *, year: bool = True) -> str:
    """Return a day: `5 March 2019`, `2019年3月5日`; without its year when `year` is false."""
    if is_chinese(language):
        return (f"{day.year}年" if year else "") + f"{day.month}月{day.day}日"
    return f"{day.day} {MONTHS_EN[day.month - 1]}" + (f" {day.year}" if year else "")


def month_text(day: date, language: str) -> str:
    """Return the month of a day: `March 2019`, `2019年3月`."""
    return f"{day.year}年{day.month}月" if is_chinese(language) else f"{MONTHS_EN[day.month - 1]} {day.year}"


def weekday_text(day: date, language: str) -> str:
    """Return the name of the day's weekday: `Tuesday`, `星期二`."""
    return (WEEKDAYS_ZH if is_chinese(language) else WEEKDAYS_EN)[day.weekday()]


def clock_text(at: datetime) -> str:
    """Return a time of day on the 24-hour clock: `9:00`, in the zone that `at` carries."""
    return f"{at.hour}:{at.minute:02d}"


def day_and_time_text(
    starts_at: datetime, ends_at: datetime | None, language: str, *, year: bool = False
) -> str:
    """Return when something is: `Tuesday 5 March, 9:00–11:30`, `3月5日 星期二 9:00–11:30`.

    ends_at  None for a moment; on another day, that day is written too
    """
    first = _moment(starts_at, language, year=year)
    if ends_at is None:
        return first
    if ends_at.date() == starts_at.date():
        return f"{first}–{clock_text(ends_at)}"
    return f"{first} – {_moment(ends_at, language, year=year)}"


def _moment(at: datetime, language: str, *, year: bool) -> str:
    day, weekday = day_text(at.date(), language, year=year), weekday_text(at.date(), language)
    if is_chinese(language):
        return f"{day} {weekday} {clock_text(at)}"
    return f"{weekday} {day}, {clock_text(at)}"


def days_text(first: date, last: date | None, language: str) -> str:
    """Return a span of days, both included: `5–12 March 2019`, `2019年3月5日至12日`, `from 5 March 2019`.

    last  None where no end is set
    """
    chinese = is_chinese(language)
    start = day_text(first, language)
    if last is None:
        return f"{start}起" if chinese else f"from {start}"
    if first == last:
        return start
    if chinese:
        end = day_text(last, language, year=first.year != last.year)
        same_month = (first.year, first.month) == (last.year, last.month)
        return f"{start}至{last.day}日" if same_month else f"{start}至{end}"
    end = day_text(last, language)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{day_text(first, language, year=first.year != last.year)} – {end}"


def masked_name(name: str) -> str:
    """Return a person's name with all but the surname hidden: `林*`, `欧阳*`; a Latin name keeps its initial.

    One star stands for any length, so that the mask does not tell how many characters the name has.
    """
    name = name.strip()
    if not name:
        return ""
    return f"{name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[0]}*"


def at_least_text(number: int, noun: str, language: str) -> str:
    """Return a count known as a lower bound: `150余人`, `more than 150 people`.

    noun  what is counted, in the reader's language; may be empty
    """
    if is_chinese(language):
        return f"{number_text(number)}余{noun}"
    return f"more than {number_text(number)} {noun}".rstrip()


def ordinal_text(position: int, language: str) -> str:
    """Return a place in an order, from 1: `3rd`, `第3位`."""
    if is_chinese(language):
        return f"第{number_text(position)}位"
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if position % 100 in {11, 12, 13} else endings.get(position % 10, "th")
    return f"{number_text(position)}{ending}"


def distance_text(distance_m: int, language: str) -> str:
    """Return a distance as one would walk it: `350 m`, `1.2 km`, `350米`, `1.2公里`.

    distance_m  metres; from a kilometre on, one decimal, rounded down
    """
    chinese = is_chinese(language)
    if distance_m < METRES_PER_KILOMETRE:
        return f"{distance_m}米" if chinese else f"{distance_m} m"
    tenths = distance_m * 10 // METRES_PER_KILOMETRE
    far = f"{number_text(tenths // 10)}.{tenths % 10}".removesuffix(".0")
    return f"{far}公里" if chinese else f"{far} km"


def yuan_text(amount_fen: int) -> str:
    """Return an amount of money: `¥12.50`.

    amount_fen  100 make one yuan; below zero for what is owed back
    """
    yuan, fen = divmod(abs(amount_fen), FEN_PER_YUAN)
    return f"{'−' if amount_fen < 0 else ''}¥{number_text(yuan)}.{fen:02d}"


def share(done: int, whole: int) -> Share:
    """Return how far `done` of `whole` has gone, kept within bounds so that a bar never overflows."""
    whole = max(whole, 0)
    return Share(done=min(max(done, 0), whole), whole=whole)


def contrast_per_cent(one: str, other: str) -> int:
    """Return the contrast of two colours in hundredths (450 is 4.5:1), rounded down.

    one, other  colours as `#rrggbb`, in either order

    Source: WCAG 2.2, "contrast ratio" and "relative luminance".
    """
    lights = sorted((_luminance(one), _luminance(other)))
    return int((lights[1] + 0.05) / (lights[0] + 0.05) * 100)


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
