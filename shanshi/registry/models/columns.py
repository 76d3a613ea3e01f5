"""What columns of several tables share."""

from __future__ import annotations


def choices(values: type) -> list[tuple[str, str]]:
    """The values of an enumeration, as Django wants them."""
    return [(value.value, value.value) for value in values]  # type: ignore[attr-defined]
