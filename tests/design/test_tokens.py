"""The tokens keep the contrast that the house promises, in every theme and in elder mode."""

import re
from pathlib import Path

import pytest

from shanshi.design import rules

STATIC = Path(rules.__file__).parent / "static" / "design"
TOKENS = (STATIC / "tokens.css").read_text()
BLOCK = re.compile(r"^(?P<indent> *)(?P<selector>[:\[][^{}@]*)\{(?P<body>[^{}]*)\}", re.MULTILINE)
COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")

GROUNDS = ("surface", "ground")
TEXTS = [(text, ground) for text in ("ink", "muted", "brand-ink") for ground in GROUNDS]
COUNTED = ("hours", "honorary", "coins")
TEXTS += [(f"{kind}-ink", ground) for kind in COUNTED for ground in (*GROUNDS, f"{kind}-soft")]
TEXTS += [("ink", f"{kind}-soft") for kind in (*COUNTED, "brand")]
TEXTS += [("brand-ink", "brand-soft"), ("on-brand", "brand"), ("on-brand", "brand-deep"), ("surface", "ink")]
SHAPES = [(shape, ground) for shape in ("control", *COUNTED) for ground in GROUNDS]


def blocks() -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """Selector, colours and all declarations of each block that names colours, in order."""
    found = []
    for block in BLOCK.finditer(TOKENS):
        declared = dict(re.findall(r"([a-z-]+): ([^;]+);", block["body"]))
        colours = dict(COLOUR.findall(block["body"]))
        if colours:
            found.append((block["selector"].strip(), colours, declared))
    return found


LIGHT, DARK, DEVICE_DARK, ELDER, DARK_ELDER, DEVICE_DARK_ELDER = (colours for _, colours, _ in blocks())
THEMES = {
    "light": (LIGHT, 450),
    "dark": (LIGHT | DARK, 450),
    "light, elder": (LIGHT | ELDER, 700),
    "dark, elder": (LIGHT | ELDER | DARK | DARK_ELDER, 700),
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    colours, least = THEMES[theme]
    assert rules.contrast_per_cent(colours[text], colours[ground]) >= least


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_lines_of_controls_and_bars_can_be_seen(theme: str, shape: str, ground: str) -> None:
    colours, _ = THEMES[theme]
    assert rules.contrast_per_cent(colours[shape], colours[ground]) >= 300


def test_the_device_s_dark_is_the_chosen_dark() -> None:
    declared = [block[2] for block in blocks()]
    assert declared[1] == declared[2]
    assert declared[4] == declared[5]
    assert set(DARK_ELDER) == set(ELDER)


def test_the_colours_of_the_house_are_the_named_ones() -> None:
    assert (LIGHT["brand"], LIGHT["hours"], LIGHT["honorary"], LIGHT["coins"]) == (
        "#c8321e",
        "#1f7a4d",
        "#5b6776",
        "#b7791f",
    )
    assert (LIGHT["surface"], LIGHT["ground"], LIGHT["ink"], LIGHT["line"]) == (
        "#ffffff",
        "#f7f5f2",
        "#1f2328",
        "#e4e0da",
    )


def test_every_name_that_a_rule_reads_is_a_token() -> None:
    sheets = {path.name: path.read_text() for path in STATIC.glob("*.css")}
    known = set(re.findall(r"(--[a-z0-9-]+):", "".join(sheets.values())))
    for name, text in sheets.items():
        assert set(re.findall(r"var\((--[a-z0-9-]+)", text)) - known == set(), name


def test_the_first_page_stays_far_below_its_weight() -> None:
    base = (Path(rules.__file__).parent / "templates" / "design" / "base.html").read_text()
    parts = [*re.findall(r"'design/([^']+)'", base), "vendor/icons/icons.svg"]
    assert sum((STATIC / part).stat().st_size for part in parts) < 240_000
