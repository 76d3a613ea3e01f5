"""The same endpoint asked at the same moment: one key is one redemption, and the last piece goes to one."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial

import pytest
from django.test import Client

from shanshi.foundation import clock
from shanshi.ledger import queries as books
from shanshi.registry import operations as registry
from tests.cast import LIN, STRANGER, WU

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def press(cast, earned):
    """Somebody with two coins, who asks for a redemption."""

    def ready(who, offer, key):
        actor = cast.volunteer(who)
        earned(actor, 120)
        token = registry.issue_token(actor.known(), label="tests", at=clock.real_now()).token
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        body = json.dumps({"offer": str(offer)})
        send = partial(Client().post, "/api/v1/redemptions", body, "application/json", headers=headers)
        return actor, send

    return ready


def test_one_key_sent_four_times_at_once_is_one_redemption(noodle_house, noodles, press, together):
    lin, send = press(LIN, noodles, "press-1")

    answers = together(send, send, send, send)

    assert [one.status_code for one in answers] == [201] * 4
    assert len({one.json()["id"] for one in answers}) == 1
    assert noodle_house.show(noodles, lin) == "left 4 | shop 0 | 60 + 60"


def test_the_last_piece_goes_to_one_and_the_others_are_told(noodle_house, press, together):
    last = noodle_house.offers(stock=1)
    presses = [press(who, last, f"press of {who.phone}")[1] for who in (LIN, WU, STRANGER)]

    answers = together(*presses)

    assert Counter(one.status_code for one in answers) == {201: 1, 409: 2}
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"rewards.sold_out"}
    assert books.verify().is_right
