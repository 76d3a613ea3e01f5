"""Questions about people; never write."""

from __future__ import annotations
