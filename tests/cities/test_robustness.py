"""Whatever stands in a file, a case is either right or told as wrong: nothing else happens."""

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from shanshi.cities.rules.checks import checked
from shanshi.cities.rules.drawing import drawing
from shanshi.cities.rules.folder import files_of
from shanshi.cities.rules.problems import CaseInvalid
from tests.cities.conftest import SMALL

FILES = files_of(SMALL)
SIGNS = st.sampled_from(
    [*"0123456789-:,\"'[]{}#&*!|>%@ \n\t\0￥一", "null", "9999999999", "2019-02-29", "\ud800"]
)


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, bytes]:
    """A case with a few places overwritten."""
    name = draw(st.sampled_from(sorted(FILES)))
    text = FILES[name].decode()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 12))
        text = text[:start] + draw(SIGNS) + text[start + length :]
    return {**FILES, name: text.encode(errors="surrogatepass")}


@settings(max_examples=150, deadline=None)
@given(files=spoiled())
def test_a_spoiled_case_is_right_or_told_as_wrong(files: dict[str, bytes]) -> None:
    with contextlib.suppress(CaseInvalid):
        drawing(checked(files))


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(sorted(FILES)), data=st.binary(max_size=200))
def test_any_bytes_are_told_as_wrong(name: str, data: bytes) -> None:
    with contextlib.suppress(CaseInvalid):
        drawing(checked({**FILES, name: data}))
