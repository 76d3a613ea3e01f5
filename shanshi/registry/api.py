"""Endpoints of people: phone codes, tokens, registration, and oneself."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["people"])
