"""The person's own copy in words: the same sheets for the page and for the Excel file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

from shanshi.design import rules as design
from shanshi.design.templatetags.shanshi import version_day
from shanshi.documents.workbooks import Cell, Sheet
from shanshi.kernel.errors import N_, DomainError
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.portal.queries.held import Held, Masked
from shanshi.portal.views.notices import STATES, WAYS
from shanshi.portal.views.words import consent_title, look_purpose, place_words, role_word

# What a value is called: field, label, and how it is read: a plain text, or one of the words below.
Column = tuple[str, str, str]

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "yes": {"yes": N_("Yes"), "no": N_("No"), "True": N_("Yes"), "False": N_("No")},
    "sex": {"female": N_("Female"), "male": N_("Male")},
    "relation": {
        "mother": N_("Mother"),
        "father": N_("Father"),
        "grandparent": N_("Grandparent"),
        "other": N_("Another guardian"),
    },
    "seat": {
        "placed": N_("You are in"),
        "waiting": N_("Waiting"),
        "offered": N_("A place is offered"),
        "cancelled": N_("Withdrawn or cancelled"),
        "lapsed": N_("The offer lapsed"),
    },
    "visit": {
        "open": N_("Checked in"),
        "left": N_("Checked out, waits for the leader"),
        "forgotten": N_("Never checked out"),
        "confirmed": N_("Confirmed"),
    },
    "way": {"in": N_("In"), "out": N_("Out")},
    "band": {
        "inside": N_("At the place"),
        "near": N_("Near the place"),
        "far": N_("Far from the place"),
        "unknown": N_("Without a place"),
    },
    "code": {
        "venue": N_("The door's code"),
        "digits": N_("Typed digits"),
        "personal": N_("Your own code"),
        "case": N_("A record of the past"),
    },
    "redemption": {
        "reserved": N_("Set aside"),
        "fulfilled": N_("Given"),
        "voided": N_("Taken back"),
        "expired": N_("Not used"),
    },
    "account": {
        "volunteer": N_("You"),
        "pending": N_("On its way"),
        "reserved": N_("Set aside"),
        "issuer": N_("The platform"),
        "merchant": N_("Merchant"),
        "expired": N_("Expired"),
        "city": N_("The city"),
    },
    "factor": {
        "totp": N_("One-time codes of an app"),
        "webauthn": N_("A passkey"),
        "recovery_codes": N_("Recovery codes"),
    },
    "notice_way": WAYS,
    "notice_state": STATES,
    "field": {
        "real_name": N_("Real name"),
        "id_number": N_("ID number"),
        "phone": N_("Phone"),
        "birth_on": N_("Date of birth"),
        "guardian": N_("Guardian"),
    },
}
_PERSON: Final[tuple[Column, ...]] = (
    ("phone", N_("Phone"), "text"),
    ("email", N_("E-mail address"), "text"),
    ("first_seen_at", N_("First seen here"), "text"),
)
_VOLUNTEER: Final[tuple[Column, ...]] = (
    ("number", N_("Volunteer number"), "text"),
    ("real_name", N_("Real name"), "text"),
    ("id_number", N_("ID number"), "text"),
    ("birth_on", N_("Date of birth"), "day"),
    ("sex", N_("Sex"), "sex"),
    ("party_member", N_("Party member"), "yes"),
    ("residence_code", N_("Residence"), "division"),
    ("registered_at", N_("Registered"), "text"),
)
_ACCOUNTS: Final[tuple[Column, ...]] = (
    ("verified_minutes", N_("Verified hours"), "minutes"),
    ("honorary_minutes", N_("Honorary hours, kept apart"), "minutes"),
    ("coin_units", N_("Coins to spend"), "coins"),
    ("pending_coin_units", N_("Coins on their way"), "coins"),
    ("reserved_coin_units", N_("Coins set aside"), "coins"),
    ("red_points", N_("Red points"), "text"),
)
# Room and list, title, columns.
_LISTS: Final[tuple[tuple[str, str, str, tuple[Column, ...]], ...]] = (
    (
        "registry", "guardians", N_("Your guardian"),
        (
            ("name", N_("Real name"), "text"), ("phone", N_("Phone"), "text"),
            ("relation", N_("Relation"), "relation"), ("consented_at", N_("Agreed on"), "text"),
            ("withdrawn_at", N_("Withdrawn on"), "text"),
        ),
    ),
    (
        "registry", "guardian_of", N_("Children whose guardian you are"),
        (
            ("minor", N_("Child"), "text"), ("relation", N_("You are the"), "relation"),
            ("consented_at", N_("Agreed on"), "text"), ("withdrawn_at", N_("Withdrawn on"), "text"),
        ),
    ),
    (
        "registry", "consents", N_("Consents"),
        (
            ("purpose", N_("Purpose"), "purpose"), ("text_version", N_("Text of"), "version"),
            ("given_at", N_("Agreed on"), "text"), ("withdrawn_at", N_("Withdrawn on"), "text"),
        ),
    ),
    (
        "activities", "sign_ups", N_("Sign-ups"),
        (
            ("activity", N_("Activity"), "text"), ("starts_at", N_("Starts"), "text"),
            ("ends_at", N_("Is over"), "text"), ("state", N_("State"), "seat"),
            ("signed_up_at", N_("Signed up on"), "text"), ("ended_at", N_("Place given up on"), "text"),
        ),
    ),
    ("activities", "calendar", N_("Address of your calendar"), (("made_at", N_("Made on"), "text"),)),
    (
        "attendance", "visits", N_("Visits"),
        (
            ("served_on", N_("Day"), "text"), ("shift_id", N_("Activity"), "title"),
            ("came_at", N_("Checked in at"), "text"), ("left_at", N_("Checked out at"), "text"),
            ("state", N_("State"), "visit"), ("minutes", N_("Hours"), "minutes"),
            ("coin_units", N_("Coins"), "coins"),
        ),
    ),
    (
        "attendance", "scans", N_("Scans"),
        (
            ("scanned_at", N_("When"), "text"), ("shift_id", N_("Activity"), "title"),
            ("direction", N_("Way"), "way"), ("code_kind", N_("Which code"), "code"),
            ("band", N_("How near"), "band"),
        ),
    ),
    (
        "attendance", "stamps", N_("Stamps of booths"),
        (("stamped_at", N_("When"), "text"), ("booth_id", N_("Booth"), "text")),
    ),
    (
        "attendance", "failed_scans", N_("Scans that were refused"),
        (("scanned_at", N_("When"), "text"), ("reason", N_("Why"), "refusal")),
    ),
    (
        "attendance", "locations", N_("Exact places of scans"),
        (
            ("recorded_at", N_("When"), "text"), ("latitude", N_("Latitude"), "text"),
            ("longitude", N_("Longitude"), "text"),
        ),
    ),
    (
        "ledger", "transfers", N_("Transfers"),
        (
            ("happened_at", N_("When"), "text"), ("amount", N_("Amount"), "amount"),
            ("giver_kind", N_("Out of"), "account"), ("taker_kind", N_("Into"), "account"),
            ("reason", N_("Why"), "phrase"),
        ),
    ),
    (
        "rewards", "redemptions", N_("Redemptions"),
        (
            ("offer", N_("Offer"), "text"), ("merchant", N_("Merchant"), "text"),
            ("price_coin_units", N_("Price"), "coins"), ("state", N_("State"), "redemption"),
            ("reserved_at", N_("Redeemed"), "text"), ("fulfilled_at", N_("Received on"), "text"),
        ),
    ),
    (
        "registry", "memberships", N_("Organizations and teams"),
        (
            ("organization_name", N_("Organization"), "text"), ("team_name", N_("Team"), "text"),
            ("joined_at", N_("Joined or invited on"), "text"), ("accepted_at", N_("Accepted on"), "text"),
            ("left_at", N_("Left or declined on"), "text"),
        ),
    ),
    (
        "registry", "roles", N_("Roles"),
        (
            ("role", N_("Role"), "role"), ("place", N_("Where"), "place"), ("from_on", N_("From"), "text"),
            ("to_on", N_("To"), "text"), ("reason", N_("Why"), "phrase"), ("ended_at", N_("Ended"), "text"),
        ),
    ),
    (
        "notices", "notices", N_("Notices"),
        (
            ("made_at", N_("When"), "text"), ("text", N_("What"), "text"), ("read_at", N_("Read on"), "text"),
        ),
    ),
    (
        "notices", "messages", N_("Messages to your phone and mailbox"),
        (
            ("made_at", N_("When"), "text"), ("channel", N_("By which way"), "notice_way"),
            ("state", N_("State"), "notice_state"), ("ended_at", N_("Ended"), "text"),
        ),
    ),
    (
        "registry", "looks", N_("Who looked at your identity"),
        (
            ("looked_at", N_("When"), "text"), ("field", N_("What"), "field"),
            ("purpose", N_("Why"), "look"), ("note", N_("In their own words"), "text"),
            ("capacity", N_("As"), "capacity"),
        ),
    ),
    (
        "foundation", "sessions", N_("Devices that are signed in"),
        (
            ("device", N_("Device"), "text"), ("made_at", N_("Signed in"), "text"),
            ("seen_on", N_("Last seen"), "text"), ("expires_at", N_("Ends"), "text"),
        ),
    ),
    (
        "registry", "tokens", N_("Keys for programs"),
        (
            ("label", N_("Name"), "text"), ("made_at", N_("Made"), "text"),
            ("expires_at", N_("Ends"), "text"),
        ),
    ),
)  # fmt: skip
_SENSITIVE_LISTS: Final = {"locations": "locations"}
_UNITS: Final = {"verified_minute": "minutes", "honorary_minute": "minutes", "coin": "coins"}


def sheets(held: Held) -> list[Sheet]:
    """Return the copy as sheets in the reader's language; lists that are empty are left out."""
    made = [_facts(held)]
    for room, name, title, columns in _LISTS:
        rows = held.rooms[room][name]
        if rows:
            head = gettext(title) + (f" ({_('sensitive')})" if _is_sensitive(held, name) else "")
            made.append(_sheet(head, columns, rows, held))
    signing_in = held.rooms["registry"]["signing_in"]
    for name, title, columns in _SIGNING_IN:
        if signing_in[name]:
            made.append(_sheet(gettext(title), columns, signing_in[name], held))
    return made


_SIGNING_IN: Final[tuple[tuple[str, str, tuple[Column, ...]], ...]] = (
    (
        "factors", N_("Second factors"),
        (
            ("kind", N_("What"), "factor"), ("name", N_("Name"), "text"), ("made_at", N_("Made"), "text"),
            ("used_at", N_("Last used"), "text"),
        ),
    ),
    (
        "linked_identities", N_("Linked identities"),
        (
            ("service", N_("Service"), "text"), ("name_there", N_("Name there"), "text"),
            ("linked_at", N_("Linked"), "text"), ("used_at", N_("Last used"), "text"),
        ),
    ),
)  # fmt: skip


def shown(cell: Cell) -> str:
    """Return a cell as a reader sees it on a page."""
    language = get_language() or "zh-hans"
    if isinstance(cell, datetime):
        return design.day_and_time_text(cell.astimezone(CITY_ZONE), None, language, year=True)
    if isinstance(cell, date):
        return design.day_text(cell, language)
    return "—" if cell is None else str(cell)


def _facts(held: Held) -> Sheet:
    registry, volunteer = held.rooms["registry"], held.rooms["registry"]["volunteer"]
    rows = [_fact(registry, column, held) for column in _PERSON]
    rows.append(
        (
            _("Password"),
            _("Set, and kept only as a hash") if registry["signing_in"]["has_password"] else _("None"),
            "",
        )
    )
    if volunteer is not None:
        rows += [_fact(volunteer, column, held) for column in _VOLUNTEER]
        rows += [_fact(held.rooms["ledger"]["accounts"], column, held) for column in _ACCOUNTS]
    answers = len(held.rooms["foundation"]["answers_kept"])
    if answers:
        rows.append((_("Sealed answers to your programs, kept for a day"), answers, ""))
    return Sheet(_("Who you are"), (_("What"), _("Kept"), _("Sensitive")), tuple(rows))


def _fact(row: Mapping[str, Any], column: Column, held: Held) -> tuple[Cell, Cell, Cell]:
    name, label, _kind = column
    mark = _("sensitive") if _is_sensitive(held, name) else ""
    return gettext(label), _cell(row, column, held), mark


def _is_sensitive(held: Held, name: str) -> bool:
    return "*" in held.sensitive or name in held.sensitive


def _sheet(title: str, columns: tuple[Column, ...], rows: list[Mapping[str, Any]], held: Held) -> Sheet:
    return Sheet(
        title,
        tuple(gettext(label) for _name, label, _kind in columns),
        tuple(tuple(_cell(row, column, held) for column in columns) for row in reversed(rows)),
    )


def _cell(row: Mapping[str, Any], column: Column, held: Held) -> Cell:
    name, _label, kind = column
    value = row[name]
    if value is None or value == "":
        return None
    if isinstance(value, Masked):
        return str(value)
    language = get_language() or "zh-hans"
    match kind:
        case "text":
            return value if isinstance(value, str | int | float | date) else str(value)
        case "day":
            return date.fromisoformat(value)
        case "minutes":
            return design.hours_text(value, language)
        case "coins":
            return design.coins_text(value, language)
        case "amount":
            return _amount(row, language)
        case "title":
            return held.titles.get(value, ("", ""))[0] or None
        case "purpose":
            return consent_title(value)
        case "version":
            return version_day(value)
        case "division":
            return place_words(f"division:{value}")
        case "place":
            return place_words(value)
        case "role":
            return role_word(value)
        case "capacity":
            role, _space, place = value.partition(" ")
            return f"{role_word(role)}, {place_words(place)}" if place else role_word(role)
        case "refusal":
            return _refusal(value)
        case "look":
            return look_purpose(value)
        case "phrase":
            return gettext(value)
        case _:
            return gettext(_WORDS[kind].get(str(value), str(value)))


def _amount(row: Mapping[str, Any], language: str) -> str:
    match _UNITS.get(row["unit"]):
        case "minutes":
            return design.hours_text(row["amount"], language)
        case "coins":
            return design.coins_text(row["amount"], language)
        case _:
            return _("%(points)s red points") % {"points": row["amount"]}


def _refusal(code: str) -> str:
    """What a refusal says, for the code that was kept of it; its facts were not kept."""
    waiting: list[type[DomainError]] = [DomainError]
    while waiting:
        kind = waiting.pop()
        if kind.code == code and "{" not in kind.says:
            return gettext(kind.says)
        waiting.extend(kind.__subclasses__())
    return _("The code did not open the door.")
