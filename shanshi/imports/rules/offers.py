"""Lists of what the merchants of one street give for coins."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from shanshi.imports.rules.cells import YES_NO, LeftOut, Reader, example_in, folded
from shanshi.imports.rules.columns import Choice, Column, Line
from shanshi.imports.rules.found import Found
from shanshi.imports.rules.refusals import (
    EndsBefore,
    NoSuchMerchant,
    ResidentsNeedTimes,
    SameInRow,
    ThereAlready,
)
from shanshi.kernel.errors import N_
from shanshi.rewards.rules import OfferKind

KINDS: Final = (
    Choice(OfferKind.DISCOUNT.value, "discount", "折扣"),
    Choice(OfferKind.GOODS.value, "goods", "实物"),
    Choice(OfferKind.SERVICE.value, "service", "服务"),
    Choice(OfferKind.LESSON.value, "lesson", "课程"),
)
COLUMNS: Final = (
    Column("merchant", "Merchant", "商户名称", N_("As it stands in the list of merchants."),
           sample=("(example) Noodle House", "（示例）老长庆面馆"), filled=True),
    Column("title", "Offer", "权益名称", N_("What is given, in a few words."),
           sample=("A bowl of noodles", "面一碗"), filled=True),
    Column("title_en", "Offer in English", "权益英文名",
           N_("May stay empty."), sample=("", "A bowl of noodles")),
    Column("says", "Description", "说明", N_("What a volunteer should know before choosing it."),
           sample=("Any noodles of the day.", "当日任选一碗。")),
    Column("kind", "Kind", "类别",
           N_("One of the list."), sample=("goods", "实物"), choices=KINDS, filled=True),
    Column("price", "Price in coins", "益币价格", N_("1 coin is one verified hour: 1, 2.5 or 2 20/60."),
           sample=("1", "1"), filled=True),
    Column("stock", "Stock", "库存",
           N_("How many there are in all."), sample=("30", "30"), filled=True),
    Column("per_person", "Per person", "每人限兑", N_("How many one person may have; empty for 1."),
           sample=("1", "1")),
    Column("from_on", "From", "开始日期",
           N_("The first day."), sample=("2019-03-20", "2019-03-20"), filled=True),
    Column("to_on", "To", "结束日期",
           N_("The last day."), sample=("2019-12-31", "2019-12-31"), filled=True),
    Column("weekdays", "Days of the week", "每周哪几天",
           N_("1 is Monday and 7 is Sunday: 1-5, or 6,7; empty for every day."), sample=("1-5", "1-5")),
    Column("residents", "Also for residents", "面向居民",
           N_("Whether residents who are no volunteers may have it."),
           sample=("no", "否"), choices=YES_NO),
)  # fmt: skip
LARGEST_STOCK: Final = 1_000_000
LONGEST_TITLE: Final = 60
LONGEST_TEXT: Final = 500


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer, every part checked. 60 units make one coin; weekdays count from Monday, 1."""

    merchant_id: UUID
    title: str
    title_en: str
    says: str
    kind: OfferKind
    price_coin_units: int
    stock: int
    per_person: int
    from_on: date
    to_on: date
    weekdays: tuple[int, ...]
    is_for_residents: bool


def read_offers(
    lines: Sequence[Line], merchants: Mapping[str, UUID], there: Collection[tuple[UUID, str, date]]
) -> Found[OfferLine]:
    """Return which offers would be added, in the order of the rows.

    merchants  of the street, by name
    there      offers that they have: merchant, title, first day
    """
    found = Found[OfferLine]()
    named = {folded(name): merchant_id for name, merchant_id in merchants.items()}
    known = {(merchant_id, folded(title), from_on) for merchant_id, title, from_on in there}
    rows: dict[tuple[UUID, str, date], int] = {}
    for line in lines:
        if example := example_in(line, "merchant"):
            found.wrong.append(example)
            continue
        one = _offer(Reader(line, found.wrong), named)
        if one is None:
            continue
        key = (one.merchant_id, folded(one.title), one.from_on)
        if (earlier := rows.setdefault(key, line.number)) != line.number:
            found.left_out.append(LeftOut(line.number, SameInRow(row=earlier)))
        elif key in known:
            found.left_out.append(LeftOut(line.number, ThereAlready()))
        elif one.is_for_residents:
            Reader(line, found.wrong).blame("residents", ResidentsNeedTimes())
        else:
            found.take(line.number, one)
    return found


def _offer(reader: Reader, merchants: Mapping[str, UUID]) -> OfferLine | None:
    before = len(reader.wrong)
    name = reader.text("merchant", needed=True)
    merchant_id = merchants.get(folded(name))
    if name and merchant_id is None:
        reader.blame("merchant", NoSuchMerchant())
    title = reader.text("title", needed=True, most=LONGEST_TITLE)
    title_en, says = reader.text("title_en", most=LONGEST_TITLE), reader.text("says", most=LONGEST_TEXT)
    kind, price = reader.choice("kind", KINDS), reader.coin_units("price")
    stock = reader.whole("stock", least=0, most=LARGEST_STOCK)
    per_person = reader.whole("per_person", least=1, most=1_000, otherwise=1)
    from_on, to_on = reader.day("from_on"), reader.day("to_on")
    if from_on is not None and to_on is not None and to_on < from_on:
        reader.blame("to_on", EndsBefore())
    weekdays, residents = reader.weekdays("weekdays"), reader.yes("residents")
    if len(reader.wrong) > before or merchant_id is None or kind is None or price is None:
        return None
    if stock is None or per_person is None or from_on is None or to_on is None:
        return None
    return OfferLine(
        merchant_id, title, title_en, says, OfferKind(kind), price, stock, per_person, from_on, to_on,
        weekdays, residents,
    )  # fmt: skip
