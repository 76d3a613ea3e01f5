"""Translations without gettext installed: extract, merge, check, compile.

python -m tools.translations update         write new English sources into the .po file, keep the Chinese
python -m tools.translations merge FILE     take Chinese from a JSON of {"English": "中文"}, then update
python -m tools.translations check          fail if a sentence has no Chinese, or the .mo is out of date
python -m tools.translations compile        write the .mo file
python -m tools.translations purge          update, and drop the Chinese of sentences that stand nowhere
"""

from __future__ import annotations

import fcntl
import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
EPOCH = datetime(
    2019, 3, 20, 9, tzinfo=timezone(timedelta(hours=8))
)  # fixed: the file changes with its words only
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}")


def sources() -> Iterator[Path]:
    """Every file of the product that may hold a sentence, in order."""
    for folder in ("config", "shanshi"):
        for path in sorted((ROOT / folder).rglob("*")):
            if (
                path.suffix in {".py", ".html", ".txt"}
                and "migrations" not in path.parts
                and "static" not in path.parts
            ):
                yield path


def extracted() -> Catalog:
    """Every sentence of the product, with the places where it stands (files, no line numbers)."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    catalog = new_catalog()
    for path in sources():
        text = path.read_text()
        if path.suffix != ".py":
            # What is no sentence becomes filler; its indentation would be no Python.
            text = "\n".join(line.strip() for line in templatize(text).splitlines())
        place = (str(path.relative_to(ROOT)), 0)
        for _, message, _, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
            many = isinstance(message, tuple)
            words = tuple(str(one) for one in message) if isinstance(message, tuple) else message
            if words and (not many or words[0]):
                catalog.add(words, locations=[place], context=context)
    return catalog


def new_catalog() -> Catalog:
    """An empty catalogue for Chinese."""
    return Catalog(
        locale="zh_Hans", project="Shanshi", version="1", copyright_holder="the Shanshi authors", fuzzy=False,
        creation_date=EPOCH, revision_date=EPOCH, charset="utf-8",
    )  # fmt: skip


def known() -> Catalog:
    """The catalogue as it is on disk."""
    if not PO.exists():
        return new_catalog()
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def updated(chinese: dict[str, str]) -> Catalog:
    """Today's sentences with the Chinese that is known, plus the given one."""
    before, catalog = known(), extracted()
    words = {first(message.id): said(message) for message in before.obsolete.values()}
    words |= {first(message.id): said(message) for message in before if message.id}
    words = {source: text for source, text in words.items() if text} | chinese
    standing = set()
    for message in catalog:
        if not message.id:
            continue
        standing.add(first(message.id))
        text = words.get(first(message.id), "")
        # Chinese has one form for any number.
        message.string = (text,) if isinstance(message.id, tuple | list) else text
        message.flags.discard("fuzzy")
    # A sentence that stands nowhere today keeps its Chinese as obsolete: it may come back.
    for source, text in words.items():
        if source not in standing:
            catalog.obsolete[source] = Message(source, text)
    return catalog


def first(words: str | tuple[str, ...] | list[str]) -> str:
    """The sentence, or the first of its forms."""
    return words if isinstance(words, str) else words[0]


def said(message: Message) -> str:
    """The Chinese of a sentence; empty if there is none."""
    text = message.string
    return text if isinstance(text, str) else (text or ("",))[0] or ""


def written(catalog: Catalog) -> bytes:
    """The .po file of a catalogue."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, sort_output=True, omit_header=False, include_lineno=False)
    return out.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """The .mo file of a catalogue."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """Sentences without Chinese, or whose placeholders differ."""
    wrong = []
    for message in catalog:
        if not message.id:
            continue
        source = message.id[-1] if isinstance(message.id, tuple | list) else message.id
        text = message.string[0] if isinstance(message.string, tuple | list) else message.string
        if not text:
            wrong.append(f"no Chinese: {source!r} ({', '.join(place for place, _ in message.locations[:2])})")
        elif set(PLACEHOLDER.findall(source)) != set(PLACEHOLDER.findall(text)):
            wrong.append(f"other placeholders: {source!r} / {text!r}")
    return wrong


@contextmanager
def locked() -> Iterator[None]:
    """One writer at a time."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    with (PO.parent / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(words: list[str]) -> int:
    """Do what the words say; return the exit status."""
    verb = words[0] if words else ""
    if verb not in {"update", "merge", "check", "compile", "purge"} or (verb == "merge") != (len(words) == 2):
        print(__doc__)
        return 2
    with locked():
        chinese = json.loads(Path(words[1]).read_text()) if verb == "merge" else {}
        catalog = updated(chinese)
        if verb == "check":
            wrong = missing(catalog)
            if not PO.exists() or written(catalog) != PO.read_bytes():
                wrong.append("django.po is out of date: python -m tools.translations update")
            mo = PO.with_suffix(".mo")
            if not mo.exists() or mo.read_bytes() != compiled(catalog):
                wrong.append("django.mo is out of date: python -m tools.translations compile")
            print("\n".join(wrong) if wrong else "translations: complete")
            return 1 if wrong else 0
        if verb == "purge":
            catalog.obsolete.clear()
        PO.write_bytes(written(catalog))
        PO.with_suffix(".mo").write_bytes(compiled(catalog))
        for line in missing(catalog):
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
