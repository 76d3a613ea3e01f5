"""The classes of data: every table stands in exactly one of them, or in several that tell its rows apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shanshi.kernel.errors import N_


class Happens(StrEnum):
    """What becomes of data whose time is over.

    DELETE  the rows go
    STRIP   the row stays, what it says of a person goes
    ERASE   the person is erased as if they had asked for it
    KEEP    nothing: it is no personal data, or the books and their evidence stand on it
    """

    DELETE = "delete"
    STRIP = "strip"
    ERASE = "erase"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class DataClass:
    """One class of data.

    name        also the name of its days in the policy `retention`, unless it is kept
    tables      as the database calls them
    title, counts_from, because  English sentences for the translators
    rows        which rows of the table, where several classes share it
    personal    whether it tells of a person, be it by an opaque number
    by_owner    written once: only the owner of the tables can let go of it
    often       looked after each hour, not each night alone
    real_time   its moments are those of the clock on the wall, also in a demo
    """

    name: str
    tables: tuple[str, ...]
    title: str
    happens: Happens
    counts_from: str
    because: str
    rows: str = ""
    personal: bool = True
    by_owner: bool = False
    often: bool = False
    real_time: bool = False


_SHORTEST = N_("No longer than it is needed (PIPL art. 19).")
_TEN_YEARS = N_("So that misuse can be found and answered for years later (rules of the city: ten years).")
_BOOKS = N_("The books and their evidence stand on it; it knows a person by an opaque number alone.")

EXPIRING: Final = (
    DataClass(
        "sent_lists", ("imports_sentlist",), N_("Excel lists that were sent"), Happens.DELETE,
        N_("the day on which the list was sent or taken"),
        N_("Kept encrypted for the day within which a list can be undone (PIPL art. 19)."), often=True,
    ),
    DataClass(
        "phone_codes", ("registry_phonecode",), N_("Codes sent to phones"), Happens.DELETE,
        N_("the code's end, 5 minutes after it was sent"), _SHORTEST, often=True, real_time=True,
    ),
    DataClass(
        "sessions", ("foundation_session",), N_("Sign-ins of browsers"), Happens.DELETE,
        N_("the session's end"), _SHORTEST, often=True, real_time=True,
    ),
    DataClass(
        "tokens", ("registry_bearertoken",), N_("Tokens of programs"), Happens.DELETE,
        N_("the token's end"), _SHORTEST, often=True, real_time=True,
    ),
    DataClass(
        "repeated_requests", ("foundation_idempotentrequest",), N_("Answers kept for repeated requests"),
        Happens.DELETE, N_("the answer"), _SHORTEST, often=True, real_time=True,
    ),
    DataClass(
        "tries", ("foundation_try",), N_("Counts of tries"), Happens.DELETE,
        N_("the end of the window that is counted"), _SHORTEST, often=True, real_time=True,
    ),
    DataClass(
        "jobs", ("procrastinate_jobs", "procrastinate_events"), N_("Background jobs that have ended"),
        Happens.DELETE, N_("the job's end"), N_("Their arguments name no person; kept to find faults."),
        personal=False, real_time=True,
    ),
    DataClass(
        "unsent_messages", ("foundation_outboxmessage",), N_("Messages that the demo did not send"),
        Happens.DELETE, N_("the message"), N_("Only invented phones; kept to be looked at."), real_time=True,
    ),
    DataClass(
        "exact_places", ("attendance_scanlocation",), N_("Exact places of scans"), Happens.DELETE,
        N_("the scan"),
        N_("A place is sensitive (PIPL art. 28): the exact one serves disputes of a month, the band stays."),
    ),
    DataClass(
        "refused_scans", ("attendance_failedscan",), N_("Scans that were refused"), Happens.DELETE,
        N_("the scan"), N_("So that attempts to fake hours can be looked into."), by_owner=True,
    ),
    DataClass(
        "withdrawn_consents", ("registry_consent",), N_("Consents that were withdrawn"), Happens.DELETE,
        N_("the withdrawal"),
        N_("Proof that it was allowed until then, as long as it can be claimed (Civil Code art. 188)."),
        rows=N_("withdrawn"),
    ),
    DataClass(
        "withdrawn_guardians", ("registry_guardian",), N_("Guardians who withdrew"), Happens.DELETE,
        N_("the withdrawal"), _SHORTEST, rows=N_("withdrawn"),
    ),
    DataClass(
        "guardians_of_adults", ("registry_guardian",), N_("Guardians of those who have come of age"),
        Happens.DELETE, N_("the eighteenth birthday"), N_("Nobody guards an adult: the purpose is over."),
        rows=N_("of people of 18 and over"),
    ),
    DataClass(
        "never_registered", ("registry_person",),
        N_("People who proved a phone, or were put on a list, and never registered"),
        Happens.ERASE, N_("the first sign-in, or the list"), _SHORTEST,
        rows=N_("without registration, role, ward or sign-in"),
    ),
    DataClass(
        "ended_roles", ("registry_rolegrant",), N_("Roles that have ended"), Happens.DELETE,
        N_("the role's end"), _TEN_YEARS, rows=N_("ended"),
    ),
    DataClass(
        "proposals", ("foundation_proposal",), N_("Decisions of two people"), Happens.DELETE,
        N_("the decision"), _TEN_YEARS,
    ),
    DataClass(
        "persons_in_charge", ("activities_activity",), N_("Names of those who answer for an activity"),
        Happens.STRIP, N_("the end of the last shift"),
        N_("Announced with the activity; as long as it can be claimed (Civil Code art. 188)."),
        rows=N_("the name alone"),
    ),
    DataClass(
        "notices", ("notices_notice",), N_("What people were told"), Happens.DELETE,
        N_("the notice"), N_("So that one can read again what changed, for a year (PIPL art. 19)."),
    ),
    DataClass(
        "deliveries", ("notices_delivery",), N_("What became of text messages and e-mails"), Happens.DELETE,
        N_("the message"), N_("To answer whoever asks whether they were told; no address stands in it."),
    ),
    DataClass(
        "identity_looks", ("registry_identitylook",), N_("Looks at somebody's identity"), Happens.DELETE,
        N_("the look"), _TEN_YEARS, by_owner=True,
    ),
    DataClass(
        "trail", ("foundation_auditentry",), N_("The trail of staff"), Happens.DELETE, N_("the change"),
        _TEN_YEARS, by_owner=True,
    ),
    DataClass(
        "retention_runs", ("foundation_retentionrun",), N_("What was let go of, and when"), Happens.DELETE,
        N_("the run"), _TEN_YEARS, personal=False, by_owner=True,
    ),
)  # fmt: skip

KEPT: Final = (
    DataClass(
        "people", ("registry_person", "registry_volunteer", "registry_claim", "registry_membership",
         "registry_preference", "activities_calendarkey"),
        N_("Registered people"), Happens.KEEP, N_("until the person is erased"),
        N_("As long as somebody takes part (PIPL art. 13); erasure destroys the key, an empty row stays."),
        rows=N_("registered"),
    ),
    DataClass(
        "ways_in", ("mfa_authenticator", "socialaccount_socialaccount"),
        N_("Second factors and linked identities"), Happens.KEEP,
        N_("until the owner removes them, or the person is erased"),
        N_("Without them the owner could not sign in."),
    ),
    DataClass(
        "minors_guardians", ("registry_guardian",), N_("Guardians of minors"), Happens.KEEP,
        N_("until the minor comes of age, or either is erased"),
        N_("A minor may not take part without (PIPL art. 31)."),
        rows=N_("of minors, not withdrawn"),
    ),
    DataClass(
        "standing_consents", ("registry_consent",), N_("Consents that stand"), Happens.KEEP,
        N_("until the consent is withdrawn"),
        N_("Without it the purpose may not be followed (PIPL art. 14)."),
        rows=N_("not withdrawn"),
    ),
    DataClass(
        "standing_roles", ("registry_rolegrant",), N_("Roles that are held"), Happens.KEEP,
        N_("until the role ends"), N_("Who may do what for the city."), rows=N_("not ended"),
    ),
    DataClass(
        "evidence", ("attendance_scan", "attendance_scanundone", "attendance_visit", "attendance_stamp",
         "attendance_evaluation", "activities_signup"),
        N_("Sign-ups, scans and visits"), Happens.KEEP, N_("for good"), _BOOKS,
    ),
    DataClass(
        "books", ("ledger_transfer", "ledger_balance", "rewards_redemption", "rewards_appointment"),
        N_("The books"), Happens.KEEP,
        N_("for good"), _BOOKS,
    ),
    DataClass(
        "activities",
        ("activities_program", "activities_programorganizer", "activities_programpartner",
         "activities_programdivision", "activities_programteam", "activities_project", "activities_activity",
         "activities_organizer", "activities_position", "activities_booth", "activities_shift",
         "activities_series", "activities_template", "activities_rostermessage"),
        N_("Activities and their shifts"), Happens.KEEP, N_("for good"),
        N_("What the city did; staff stand in it by opaque numbers."),
        rows=N_("all but the name of who answers"),
    ),
    DataClass(
        "bodies",
        ("registry_organization", "registry_team", "rewards_merchant", "rewards_offer", "rewards_seats"),
        N_("Organizations, teams, merchants and offers"), Happens.KEEP, N_("for good"),
        N_("Bodies, not people; their phones are those of businesses."),
    ),
    DataClass(
        "ground",
        ("places_division", "places_divisionpopulation", "places_venue", "places_station",
         "places_partnerstreet", "foundation_installation"),
        N_("The map of the city"), Happens.KEEP, N_("for good"), N_("No personal data."), personal=False,
    ),
    DataClass(
        "frame",
        ("account_emailaddress", "account_emailconfirmation", "socialaccount_socialapp",
         "socialaccount_socialtoken", "django_content_type", "django_migrations", "auth_permission",
         "auth_group", "auth_group_permissions", "procrastinate_periodic_defers", "procrastinate_workers"),
        N_("Tables of the frame"), Happens.KEEP, N_("for good"), N_("No personal data."), personal=False,
    ),
)  # fmt: skip

CLASSES: Final = EXPIRING + KEPT


def class_of(name: str) -> DataClass:
    """Return a class by its name; raises KeyError."""
    return {one.name: one for one in CLASSES}[name]
