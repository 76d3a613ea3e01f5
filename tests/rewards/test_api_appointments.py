"""Appointments through the API: a resident makes one, gives it up, and the merchant serves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shanshi.foundation import clock
from shanshi.foundation.actor import Actor
from shanshi.registry import operations as registry
from shanshi.rewards import models, operations
from tests.cast import MRS_ZHAO
from tests.rewards.test_api import *  # noqa: F403 - its way of asking
from tests.rewards.test_appointment_races import lesson  # noqa: F401 - the lesson of tomorrow

pytestmark = pytest.mark.django_db
