"""The files of a case, as they lie in their folder."""

from __future__ import annotations

from pathlib import Path

from shanshi.cities.rules.case import FILES
from shanshi.cities.rules.problems import CaseInvalid, Problem


def files_of(path: Path) -> dict[str, bytes]:
    """Return the files of a case's folder by name; hidden files and folders are left out.

    Raises CaseInvalid: there is no such folder, or a file cannot be read.
    """
    if not path.is_dir():
        raise CaseInvalid(
            [Problem("", 0, "", f"{path} is not a folder; a case is a folder with {', '.join(FILES)}.")]
        )
    found: dict[str, bytes] = {}
    for file in sorted(path.iterdir()):
        if file.name.startswith(".") or not file.is_file():
            continue
        try:
            found[file.name] = file.read_bytes()
        except OSError as wrong:
            raise CaseInvalid(
                [Problem(file.name, 0, "", f"The file cannot be read: {wrong.strerror}.")]
            ) from wrong
    return found
