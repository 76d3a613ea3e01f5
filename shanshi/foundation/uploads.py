"""Files from outside: no door takes one unless it says so, and a file is what its bytes are.

A door says with `@takes_files(...)` which kinds it takes and how large; every other door refuses the first
file that comes, before it is read. `checked` then looks at the bytes. The four kinds that a door may take
are told apart by how they begin, so no library guesses among hundreds that we never take; files that a
browser would run (SVG, HTML) are no kind at all.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any, TypeVar

from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from shanshi.kernel.errors import N_, DomainError, Invalid, Kind

MOST_BYTES = 5 * 1024 * 1024  # of one file at any door
_LONGEST_NAME = 100
View = TypeVar("View", bound=Callable[..., Any])


class FileKind(StrEnum):
    """What a file can be, by its bytes. The value is the name's ending."""

    XLSX = "xlsx"
    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"


_BEGINS = {
    FileKind.XLSX: b"PK\x03\x04",
    FileKind.PDF: b"%PDF-",
    FileKind.PNG: b"\x89PNG\r\n\x1a\n",
    FileKind.JPEG: b"\xff\xd8\xff",
}
_ENDINGS = {kind: {kind.value} for kind in FileKind} | {FileKind.JPEG: {"jpg", "jpeg"}}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a door takes: kinds, bytes of each file, and how many files."""

    kinds: frozenset[FileKind]
    max_bytes: int
    most: int = 1


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that is what it says. `name` is safe to show and to store, never a path."""

    name: str
    kind: FileKind
    content: bytes


class FilesNotTaken(Invalid):
    """A file came to a door that takes none."""

    code = "foundation.files_not_taken"
    says = N_("No file can be sent here. Nothing was read.")
    way = N_("Send the form without a file.")
    kind = Kind.WRONG_TYPE


class TooManyFiles(Invalid):
    """More files than the door takes."""

    code = "foundation.too_many_files"
    says = N_("At most {most} file can be sent at once.")
    way = N_("Send the files one after the other.")
    kind = Kind.TOO_LARGE


class FileTooLarge(Invalid):
    """The file has more bytes than the door takes."""

    code = "foundation.file_too_large"
    says = N_("The file is larger than {most_kb} KB.")
    way = N_("Make it smaller, or send it in several parts.")
    kind = Kind.TOO_LARGE


class FileNeeded(Invalid):
    """The form came without its file, or with an empty one."""

    code = "foundation.file_needed"
    says = N_("No file was chosen, or it is empty.")
    way = N_("Choose a file and send it again.")


class FileOfAnotherKind(Invalid):
    """The bytes of the file are not of a kind that the door takes."""

    code = "foundation.file_of_another_kind"
    says = N_("This file is none of: {kinds}.")
    way = N_("Save it as one of these, and send it again.")
    kind = Kind.WRONG_TYPE


class NameOfAnotherKind(Invalid):
    """The name says another kind than the bytes."""

    code = "foundation.file_name_misleads"
    says = N_("The file is named like another kind than it is.")
    way = N_("A file of this kind must be named .{ending}.")
    kind = Kind.WRONG_TYPE


class FileRefused(TooManyFilesSent):
    """Ends the reading of a request. A kind of error after which Django reads no further."""

    def __init__(self, refusal: DomainError) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def takes_files(*kinds: FileKind, max_bytes: int, most: int = 1) -> Callable[[View], View]:
    """Say at a door that it takes files.

    max_bytes  of each file, up to MOST_BYTES
    most       how many files in one request
    """
    assert 0 < max_bytes <= MOST_BYTES

    def mark(view: View) -> View:
        view.takes_files = Taken(frozenset(kinds), max_bytes, most)  # type: ignore[attr-defined]
        return view

    return mark


class Handler(FileUploadHandler):
    """Keeps what a door takes in memory and counts it as it comes; refuses everything else at once."""

    def __init__(self, request: HttpRequest, taken: Taken | None) -> None:
        super().__init__(request)
        self.taken = taken
        self.count = 0
        self.parts = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file.

        Raises FileRefused: FilesNotTaken, TooManyFiles.
        """
        super().new_file(*args, **kwargs)
        if self.taken is None:
            raise FileRefused(FilesNotTaken())
        self.count += 1
        if self.count > self.taken.most:
            raise FileRefused(TooManyFiles(most=self.taken.most))
        self.parts = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a part.

        Raises FileRefused: FileTooLarge.
        """
        assert self.taken is not None
        if self.parts.tell() + len(raw_data) > self.taken.max_bytes:
            raise FileRefused(FileTooLarge(most_kb=self.taken.max_bytes // 1024))
        self.parts.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """Return the file that has come."""
        self.parts.seek(0)
        return InMemoryUploadedFile(
            self.parts, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )


def checked(file: UploadedFile[bytes] | None, taken: Taken) -> Checked:
    """Return a file whose bytes are of a kind that the door takes, and whose name says so too.

    Raises FileNeeded, FileTooLarge, FileOfAnotherKind, NameOfAnotherKind.
    """
    content = file.read(taken.max_bytes + 1) if file is not None else b""
    if file is None or not content:
        raise FileNeeded
    if len(content) > taken.max_bytes:
        raise FileTooLarge(most_kb=taken.max_bytes // 1024)
    kind = kind_of(content)
    if kind is None or kind not in taken.kinds:
        raise FileOfAnotherKind(kinds=", ".join(sorted(taken.kinds)))
    name = safe_name(file.name or "", kind)
    if PurePosixPath((file.name or "").lower()).suffix.lstrip(".") not in _ENDINGS[kind]:
        raise NameOfAnotherKind(ending=kind.value)
    return Checked(name, kind, content)


def kind_of(content: bytes) -> FileKind | None:
    """Return what a file is by its bytes; None if it is nothing that any door takes."""
    for kind, begin in _BEGINS.items():
        if content.startswith(begin):
            return kind if kind is not FileKind.XLSX or _is_workbook(content) else None
    return None


def _is_workbook(content: bytes) -> bool:
    # Every Word file and every archive begins like a workbook; only the list of its parts tells.
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    return {"[Content_Types].xml", "xl/workbook.xml"} <= names


def safe_name(name: str, kind: FileKind) -> str:
    """Return a name without folders, invisible letters and leading dots, with the ending of its kind."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(
        letter for letter in last if unicodedata.category(letter)[0] not in "CZ" or letter == " "
    )
    stem = re.sub(r'[<>:"|?*]', "", PurePosixPath(visible).stem).strip(" .")
    return f"{stem[:_LONGEST_NAME] or 'file'}.{kind.value}"
