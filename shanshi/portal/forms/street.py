"""What people type on the pages of a partner street and of its merchants, as clean values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shanshi.rewards.operations import MerchantChange, MerchantRow, OfferChange, OfferRow
from shanshi.rewards.queries import MerchantFacts, OfferFacts, OfferFilter
from shanshi.rewards.rules import OfferKind

COIN_UNITS = 60
KINDS = {
    OfferKind.DISCOUNT: _("Discount"),
    OfferKind.GOODS: _("Goods"),
    OfferKind.SERVICE: _("Service by the merchant"),
    OfferKind.LESSON: _("Lesson"),
}
DAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
]
PRICES = ("1", "2", "3", "5", "10")


class StreetFindForm(forms.Form):
    """Which offers of a street are looked for; everything may be left open."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    field = forms.ChoiceField(label=_("Field"), required=False)
    coins = forms.ChoiceField(label=_("Price"), required=False)
    residents = forms.BooleanField(label=_("Also for residents"), required=False)

    def __init__(self, *args: Any, fields: Iterable[str], **more: Any) -> None:
        super().__init__(*args, **more)
        prices = [(one, _("Up to {coins} coins").format(coins=one)) for one in PRICES]
        self._choose("kind", [("", _("All kinds")), *((kind.value, label) for kind, label in KINDS.items())])
        self._choose("field", [("", _("All fields")), *((one, one) for one in fields)])
        self._choose("coins", [("", _("Any price")), *prices])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)
        found.choices = choices

    def wanted(self, most_coin_units: int | None = None) -> OfferFilter:
        """Return what is looked for; what was not understood is left open.

        most_coin_units  what the reader can spend, if only that is wanted
        """
        self.full_clean()
        typed = getattr(self, "cleaned_data", {})
        most = int(typed["coins"]) * COIN_UNITS if typed.get("coins") else None
        both = [one for one in (most, most_coin_units) if one is not None]
        return OfferFilter(
            kind=OfferKind(typed["kind"]) if typed.get("kind") else None,
            field=typed.get("field") or "",
            for_residents=bool(typed.get("residents")),
            most_coin_units=max(1, min(both)) if both else None,
            in_stock=most_coin_units is not None,
        )


class OfferForm(forms.Form):
    """What an offer gives; services to choose from come from the page."""

    title = forms.CharField(label=_("Title"), max_length=60)
    title_en = forms.CharField(label=_("Title in English"), max_length=100, required=False)
    says = forms.CharField(
        label=_("What it is"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, label) for kind, label in KINDS.items()])
    coins = forms.DecimalField(
        label=_("Price in coins"),
        min_value=Decimal("0.5"),
        max_value=1000,
        max_digits=6,
        decimal_places=1,
        help_text=_("One coin is one verified hour. No price in money is ever shown."),
    )
    stock = forms.IntegerField(label=_("Pieces in all"), min_value=0, max_value=100_000)
    per_person = forms.IntegerField(label=_("For each person"), min_value=1, max_value=100, initial=1)
    from_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    to_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    weekdays = forms.MultipleChoiceField(
        label=_("Days of the week"), choices=DAYS, widget=forms.CheckboxSelectMultiple
    )
    field = forms.CharField(label=_("Field"), max_length=20, required=False)
    activity = forms.ChoiceField(
        label=_("Volunteer service behind it"),
        required=False,
        help_text=_(
            "For a service or lesson given unpaid: plan it as an activity; a reviewer publishes it, and who"
            " gives it earns hours by checking in. Its coins are not settled."
        ),
    )
    seats = forms.IntegerField(
        label=_("Seats by appointment at each time"), min_value=0, max_value=1000, required=False, initial=0
    )
    is_for_residents = forms.BooleanField(
        label=_("Residents may come too, by appointment and without coins"), required=False
    )

    def __init__(self, *args: Any, services: Mapping[UUID, str], fixed: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        found = self.fields["activity"]
        assert isinstance(found, forms.ChoiceField)
        found.choices = [("", _("None: an ordinary offer"))] + [
            (str(key), title) for key, title in services.items()
        ]
        if fixed:
            # What people have had already stays what it was.
            del self.fields["kind"], self.fields["activity"]

    @property
    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields in groups, as the page shows them."""
        groups = [
            (_("What it is"), ("title", "title_en", "says", "kind", "field")),
            (_("Price and stock"), ("coins", "stock", "per_person")),
            (_("When"), ("from_on", "to_on", "weekdays")),
            (_("Volunteer service"), ("activity", "seats", "is_for_residents")),
        ]
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in groups]

    def row(self, merchant_id: UUID) -> OfferRow:
        """Return the new offer that was typed."""
        typed = self.cleaned_data
        activity = UUID(typed["activity"]) if typed["activity"] else None
        return OfferRow(
            merchant_id=merchant_id,
            kind=OfferKind(typed["kind"]),
            activity_id=activity,
            **self._terms(),
        )

    def change(self) -> OfferChange:
        """Return the change that was typed."""
        return OfferChange(**self._terms())

    def _terms(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "title": typed["title"],
            "title_en": typed["title_en"],
            "says": typed["says"],
            "field": typed["field"],
            "price_coin_units": int(typed["coins"] * COIN_UNITS),
            "stock": typed["stock"],
            "per_person": typed["per_person"],
            "from_on": typed["from_on"],
            "to_on": typed["to_on"],
            "weekdays": tuple(int(day) for day in typed["weekdays"]),
            "seats": typed["seats"] or 0,
            "is_for_residents": typed["is_for_residents"],
        }


def offer_said(offer: OfferFacts) -> dict[str, Any]:
    """Return what the form of an offer shows when it opens."""
    return {
        "title": offer.title,
        "title_en": offer.title_en,
        "says": offer.says,
        "kind": offer.kind.value,
        "coins": Decimal(offer.price_coin_units) / COIN_UNITS,
        "stock": offer.stock,
        "per_person": offer.per_person,
        "from_on": offer.from_on.isoformat(),
        "to_on": offer.to_on.isoformat(),
        "weekdays": [str(day) for day in offer.weekdays],
        "field": offer.field,
        "activity": str(offer.activity_id or ""),
        "seats": offer.seats,
        "is_for_residents": offer.is_for_residents,
    }


def new_offer_said(on: date) -> dict[str, Any]:
    """Return what the form of a new offer shows when it opens."""
    return {
        "from_on": on.isoformat(),
        "to_on": on.replace(month=12, day=31).isoformat(),
        "weekdays": [day for day, _name in DAYS],
        "kind": OfferKind.DISCOUNT.value,
    }


class StockForm(forms.Form):
    """How many pieces of an offer there are in all."""

    stock = forms.IntegerField(label=_("Pieces in all"), min_value=0, max_value=100_000)


class MerchantForm(forms.Form):
    """What a merchant is called, what it does and where it is; bodies to choose come from the page."""

    name = forms.CharField(label=_("Name of the shop"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=100, required=False)
    trade = forms.CharField(label=_("Trade"), max_length=20, required=False)
    address = forms.CharField(label=_("Address"), max_length=100, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, required=False)
    organization = forms.ChoiceField(label=_("Body in whose name it gives volunteer service"), required=False)

    def __init__(self, *args: Any, bodies: Mapping[UUID, str], **more: Any) -> None:
        super().__init__(*args, **more)
        found = self.fields["organization"]
        assert isinstance(found, forms.ChoiceField)
        found.choices = [("", _("None"))] + [(str(key), name) for key, name in bodies.items()]

    def change(self) -> MerchantChange:
        """Return what was typed of a merchant that is there."""
        return MerchantChange(**self._said())

    def row(self, street_id: UUID, joined_on: date) -> MerchantRow:
        """Return the new merchant that was typed."""
        return MerchantRow(street_id=street_id, joined_on=joined_on, **self._said())

    def _said(self) -> dict[str, Any]:
        typed = self.cleaned_data
        body = UUID(typed["organization"]) if typed["organization"] else None
        plain = ("name", "name_en", "trade", "address", "phone", "latitude", "longitude")
        return {name: typed[name] for name in plain} | {"organization_id": body}


def merchant_said(merchant: MerchantFacts) -> dict[str, Any]:
    """Return what the form of a merchant shows when it opens."""
    names = ("name", "name_en", "trade", "address", "phone", "latitude", "longitude")
    return {name: getattr(merchant, name) for name in names} | {
        "organization": str(merchant.organization_id or "")
    }


class AppointForm(forms.Form):
    """For whom an appointment is made, and at which time."""

    shift = forms.UUIDField()
    child = forms.UUIDField(required=False)
