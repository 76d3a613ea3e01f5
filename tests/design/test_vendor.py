"""What is vendored is what the manifest says, and only what is used."""

import re
from pathlib import Path

import pytest

from shanshi.design import rules
from tools import vendor

ROOT = Path(rules.__file__).resolve().parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for path in vendor.VENDOR.rglob("*"):
        if path.is_file():
            to = tmp_path / path.relative_to(vendor.VENDOR)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(path.read_bytes())
    return tmp_path


def test_every_vendored_file_has_its_checksum() -> None:
    assert list(vendor.complaints(vendor.VENDOR)) == []
    assert vendor.main(["check"]) == 0


def test_every_part_names_its_version_its_licence_and_keeps_the_licence_s_text() -> None:
    for part in vendor.parts(vendor.VENDOR):
        assert re.fullmatch(r"\d+\.\d+\.\d+", part["version"])
        assert part["licence"] in {"MIT", "0BSD"}
        assert any(entry["path"].endswith("/LICENSE") for entry in part["file"])


def test_an_altered_a_missing_and_a_stray_file_are_each_named(copy: Path) -> None:
    (copy / "htmx" / "htmx.min.js").write_text("altered")
    (copy / "icons" / "icons.svg").unlink()
    (copy / "stray.js").write_text("")
    assert list(vendor.complaints(copy)) == [
        "htmx/htmx.min.js is not the file of htmx 2.0.7",
        "icons/icons.svg is missing; run: python -m tools.vendor renew",
        "stray.js is not in MANIFEST.toml",
    ]


def test_a_new_checksum_is_written_after_its_own_path_only() -> None:
    text = 'path = "a"\nfrom = "x"\nsha256 = "1"\n\npath = "b"\nmake = "worker"\nsha256 = "2"\n'
    assert vendor.with_checksum(text, "b", "f0") == text.replace('"2"', '"f0"')


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    named = set()
    for path in (ROOT / "shanshi").rglob("*.html"):
        text = path.read_text()
        named |= set(re.findall(r'{% icon "([a-z-]+)"', text)) | set(
            re.findall(r'icon_name="([a-z-]+)"', text)
        )
    kept = {icon for part in vendor.parts(vendor.VENDOR) for icon in part.get("icons", ())}
    assert named - kept == set(), "add the icon to MANIFEST.toml, then: python -m tools.vendor renew"
