"""Plain decisions of the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Final

from shanshi.kernel.decisions import Decision
from shanshi.kernel.errors import N_, Forbidden, Invalid, Missing
from shanshi.policies.rules import Policy, Version, checked_facts
from shanshi.registry.rules import LookPurpose

Decide = Callable[[Mapping[str, Any], Mapping[str, Any]], Decision]


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One person of the demo, whom a visitor may be with one click.

    kind   which kind of person this is, an English sentence for the translators
    phone  the invented phone, which also signs in through the API
    start  the page that this person would open first
    group  what they are there to show: a program by its name, or an English sentence for the translators
    """

    kind: str
    name: str
    phone: str
    start: str
    group: str = ""


class NobodyNumbered(Missing):
    """A volunteer number that staff typed is nobody's."""

    code = "portal.nobody_numbered"
    says = N_("Nobody has this volunteer number.")
    way = N_("Ask the person: it stands at the top of their own page.")


class NothingChosen(Invalid):
    """A reviewer decides about several at once, and chose none."""

    code = "portal.nothing_chosen"
    says = N_("Nothing was chosen.")
    way = N_("Choose at least one from the queue.")


class TooManyChosen(Invalid):
    """A reviewer decides about more at once than anybody can have looked at."""

    code = "portal.too_many_chosen"
    says = N_("At most {most} can be decided at once.")
    way = N_("Choose fewer, and look at each.")


class NoShiftChosen(Invalid):
    """Nothing was ticked."""

    code = "portal.no_shift_chosen"
    says = N_("No shift was chosen.")
    way = N_("Tick the shifts that you vouch for, then confirm them.")


class NotAmongThem(Forbidden):
    """Somebody would be looked at with whom the looker has nothing to do, or who does not exist."""

    code = "portal.not_among_them"
    says = N_("Not everybody with these numbers is on this list.")
    way = N_("Look at people from the roster of your shift, or at members of your organization.")


class RosterNotYetPublic(Forbidden):
    """Somebody looks at an identity by way of a shift that no reviewer has published."""

    code = "portal.roster_not_yet_public"
    says = N_("This shift is not published, so its roster shows no identities yet.")
    way = N_("Have the shift published first.")


class RosterLongPast(Forbidden):
    """Somebody looks at an identity by way of a shift that ended long ago."""

    code = "portal.roster_long_past"
    says = N_("This shift ended more than {days} days ago, so its roster shows no identities any more.")
    way = N_(
        "Managers and the city's staff may still look, for a complaint or a correction; ask one of them."
    )


AFTER_LONG: Final = frozenset({LookPurpose.COMPLAINT, LookPurpose.CORRECTION})


def check_roster_look(
    purpose: str | None,
    *,
    published_at: datetime | None,
    ends_at: datetime,
    days: int,
    is_of_office: bool,
    at: datetime,
) -> None:
    """Return nothing: a roster is still a reason to look at the identities of those on it.

    purpose        of registry.rules.LookPurpose; None while the looker has not yet said it
    published_at, ends_at, at  with a time zone
    days           for so many days after its end a shift's roster is open to its leaders
    is_of_office   whether the looker runs the organization or is staff of the city

    Raises RosterNotYetPublic, RosterLongPast.
    Source: PIPL art. 6 and 19: no more, and no longer, than the purpose needs.
    """
    if published_at is None:
        raise RosterNotYetPublic
    is_answered_for = is_of_office and (purpose is None or purpose in AFTER_LONG)
    if at >= ends_at + timedelta(days=days) and not is_answered_for:
        raise RosterLongPast(days=days)


DEMO_ACCOUNTS = (
    DemoAccount(N_("Volunteer with coins to spend"), "林晓 Lin", "15400000001", "/me"),
    DemoAccount(N_("Minor volunteer, 15"), "沈梅 Mei", "15400000002", "/me"),
    DemoAccount(N_("Guardian of a minor"), "赵玉兰 Mrs Zhao", "15400000003", "/me"),
    DemoAccount(N_("Leader of a station's shifts"), "吴建国 Wu", "15400000004", "/lead"),
    DemoAccount(N_("Auditor"), "陈静 Chen", "15400000005", "/audit"),
    DemoAccount(N_("Cashier of the noodle house"), "方小面 Fang", "15400000006", "/till"),
    DemoAccount(N_("Resident who needs help"), "高福 Old Gao", "15400000007", "/"),
    DemoAccount(N_("Somebody without any role"), "钱陌 Stranger", "15400000008", "/"),
    DemoAccount(N_("Reviewer of the district's League committee"), "徐敏 Xu", "15400000009", "/review"),
    DemoAccount(N_("Staff of the city's League committee"), "周涛 Zhou", "15400000010", "/review"),
    DemoAccount(
        N_("Second member of the city's staff, who approves"), "秦望舒 Qin", "15400000057", "/proposals"
    ),
    *(
        DemoAccount(kind, name, f"154000000{number}", start, group)
        for group, kind, name, number, start in (
            ("市校合作", N_("League secretary of a university"), "米若兰 Mi", "58", "/lead"),
            ("市校合作", N_("Office of a pilot subdistrict"), "孟知行 Meng", "61", "/lead"),
            ("全民志愿智慧伙伴街", N_("Leads the service on the street"), "胡佳音 Hu", "34", "/lead"),
            (
                "全民志愿智慧伙伴街",
                N_("Flower room: gives lessons, keeps the till"),
                "花弄影 Hua",
                "62",
                "/till",
            ),
            (
                "全民志愿智慧伙伴街",
                N_("Spectacle shop: cleans, keeps the till"),
                "明若水 Ming",
                "63",
                "/till",
            ),
            ("红色志愿一小时", N_("Office of the district"), "苏明华 Su", "65", "/lead"),
            ("红色志愿一小时", N_("Leader of the district's station"), "葛清和 Ge", "32", "/lead"),
            ("红色志愿一小时", N_("Party-member volunteer"), "梁红 Liang", "64", "/me"),
            ("志愿365", N_("Reviewer of the district's League committee"), "徐蔓青 Xu", "22", "/review"),
            ("志愿365", N_("Leader of the dandelion team"), "季晓蒲 Ji", "66", "/lead"),
            ("志愿365", N_("Lead volunteer, over 1,500 hours"), "叶秋白 Ye", "11", "/me"),
            ("志愿365", N_("Brings an enterprise's volunteers"), "严择 Yan", "67", "/lead"),
            ("志愿365", N_("Leader at a charity for the old"), "洪美云 Hong", "47", "/lead"),
            ("热血致青春", N_("Organizes the blood drive"), "蒋若水 Jiang", "25", "/lead"),
            ("热血致青春", N_("Health bureau, joint organizer"), "任济民 Ren", "68", "/lead"),
            ("浙里贷——志愿积分贷", N_("Clerk of the local bank"), "贝信之 Bei", "69", "/programs"),
            ("浙里贷——志愿积分贷", N_("League committee of the county"), "郑桐生 Zheng", "70", "/review"),
            ("文明实践主题嘉年华", N_("Leads the event with booths"), "凌霄 Ling", "53", "/lead"),
            ("文明实践主题嘉年华", N_("Keeps the clinic booth"), "方禾 Fang", "71", "/lead/booths"),
            ("文明实践主题嘉年华", N_("Goes from booth to booth"), "申屠云 Shentu", "74", "/me"),
            ("最多跑一次 预约帮办", N_("Leads the helpers at the hospital"), "陶若兰 Tao", "33", "/lead"),
            (
                "最多跑一次 预约帮办",
                N_("Leads the helpers at the citizens' home"),
                "辛明达 Xin",
                "60",
                "/lead",
            ),
            ("最多跑一次 预约帮办", N_("League committee of the media group"), "闻潮 Wen", "72", "/lead"),
            ("团的情况", N_("Edits the bulletin"), "文静姝 Wen", "73", "/programs"),
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a policy decides for stated facts, and by which version."""

    policy: Policy
    version: Version
    facts: Mapping[str, Any]
    decision: Decision


def decide_of(policy: Policy) -> Decide:
    """Return the pure function of a room that makes a policy's decisions.

    A policy names it "room.decision"; the room's rules offer it as `decide_<decision>`.
    """
    room, _, name = policy.decision.partition(".")
    decide: Decide = getattr(import_module(f"shanshi.{room}.rules"), f"decide_{name}")
    return decide


def tried(policy: Policy, version: Version, facts: Mapping[str, Any]) -> Tried:
    """Return what a version of a policy decides for facts, as they came from JSON or from a form.

    Raises FactInvalid.
    """
    clean = checked_facts(policy.facts, facts)
    return Tried(policy, version, clean, decide_of(policy)(clean, version.values))
