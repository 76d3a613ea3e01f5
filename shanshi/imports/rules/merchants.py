"""Lists of the merchants of one street."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shanshi.imports.rules.cells import LeftOut, Reader, example_in, folded
from shanshi.imports.rules.columns import Column, Line
from shanshi.imports.rules.found import Found
from shanshi.imports.rules.refusals import CellEmpty, EndsBefore, SameInRow, ThereAlready
from shanshi.kernel.errors import N_

COLUMNS: Final = (
    Column(
        "name", "Merchant", "商户名称", N_("Once on the street."),
        sample=("(example) Noodle House", "（示例）老长庆面馆"), filled=True,
    ),
    Column("name_en", "Merchant in English", "商户英文名",
           N_("May stay empty."), sample=("", "Noodle House")),
    Column("trade", "Trade", "行业", N_("What the shop deals in."), sample=("food", "餐饮")),
    Column("address", "Address", "地址", N_("Street and number."), sample=("Xinhua Road 1", "新华路1号")),
    Column("phone", "Phone of the shop", "商户电话", N_("A business phone, never a private one."),
           sample=("0571-80000000", "0571-80000000")),
    Column("latitude", "Latitude", "纬度", N_("Degrees with a point; empty if it is not known."),
           sample=("30.2489", "30.2489")),
    Column("longitude", "Longitude", "经度", N_("Degrees with a point; empty if it is not known."),
           sample=("120.1607", "120.1607")),
    Column("joined_on", "Joined on", "加入日期", N_("The first day on which it takes part."),
           sample=("2019-03-20", "2019-03-20"), filled=True),
    Column("left_on", "Left on", "退出日期", N_("Empty as long as it takes part.")),
)  # fmt: skip
LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class MerchantLine:
    """A merchant, every part checked. Degrees of WGS 84."""

    name: str
    name_en: str
    trade: str
    address: str
    phone: str
    latitude: float | None
    longitude: float | None
    joined_on: date
    left_on: date | None


def read_merchants(lines: Sequence[Line], there: Collection[str]) -> Found[MerchantLine]:
    """Return which merchants would be added, in the order of the rows.

    there  the names of those that the street has
    """
    found = Found[MerchantLine]()
    known = {folded(name) for name in there}
    rows: dict[str, int] = {}
    for line in lines:
        if example := example_in(line, "name"):
            found.wrong.append(example)
            continue
        one = _merchant(Reader(line, found.wrong))
        if one is None:
            continue
        key = folded(one.name)
        if (earlier := rows.setdefault(key, line.number)) != line.number:
            found.left_out.append(LeftOut(line.number, SameInRow(row=earlier)))
        elif key in known:
            found.left_out.append(LeftOut(line.number, ThereAlready()))
        else:
            found.take(line.number, one)
    return found


def _merchant(reader: Reader) -> MerchantLine | None:
    before = len(reader.wrong)
    name = reader.text("name", needed=True, most=LONGEST_NAME)
    name_en, trade = reader.text("name_en", most=LONGEST_NAME), reader.text("trade", most=40)
    address, phone = reader.text("address", most=200), reader.text("phone", most=30)
    latitude, longitude = reader.degrees("latitude", 90), reader.degrees("longitude", 180)
    if len(reader.wrong) == before and (latitude is None) is not (longitude is None):
        reader.blame("latitude" if latitude is None else "longitude", CellEmpty())
    joined_on, left_on = reader.day("joined_on"), reader.day("left_on", needed=False)
    if joined_on is not None and left_on is not None and left_on < joined_on:
        reader.blame("left_on", EndsBefore())
    if len(reader.wrong) > before or joined_on is None:
        return None
    return MerchantLine(name, name_en, trade, address, phone, latitude, longitude, joined_on, left_on)
