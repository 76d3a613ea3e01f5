"""Writes the generated pages under docs/reference.

python -m tools.docs            write them
python -m tools.docs --check    fail if one is out of date
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import yaml

os.environ.setdefault("SHANSHI_MODE", "test")

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
MADE = "<!-- Made by `make docs`; change its source instead. -->\n\n"


def glossary() -> str:
    """The dictionary as a page, from docs/glossary.yaml."""
    entries = yaml.safe_load((ROOT / "docs/glossary.yaml").read_text())
    rows = [
        f"| {one['zh']} | {one['en']} | `{one['code']}` | {one['means']} |"
        for one in sorted(entries, key=lambda one: str(one["en"]).lower())
    ]
    head = "# Glossary 词汇表\n\n| 中文 | English | code | meaning |\n|---|---|---|---|\n"
    return MADE + head + "\n".join(rows) + "\n"


def access() -> str:
    """Who may do what, from the permissions that the rooms' access modules state."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # Looks at doors and permissions alone; the address is never called.
    os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/nothing")
    import django

    django.setup()
    from tools.access_page import access_page

    return MADE + access_page()


def command_line() -> str:
    """Every command with its help, from the command line itself."""
    from shanshi.cli.main import group

    parts = ["# The command line\n"]
    for words, command in commands(group, ("shanshi",)):
        context = click.Context(command, info_name=" ".join(words), terminal_width=100, max_content_width=100)
        parts.append(f"## {' '.join(words)}\n\n```\n{command.get_help(context).rstrip()}\n```\n")
    return MADE + "\n".join(parts)


def commands(
    command: click.Command, words: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """A command and all below it, with their words."""
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=" ".join(words))
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from commands(child, (*words, name))


def main(words: list[str]) -> int:
    """Write the pages, or say which are out of date."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    stale = []
    pages = (("glossary.md", glossary()), ("command-line.md", command_line()), ("access.md", access()))
    for name, page in pages:
        path = FOLDER / name
        if words == ["--check"]:
            if not path.exists() or path.read_text() != page:
                stale.append(name)
        else:
            path.write_text(page)
    for name in stale:
        print(f"docs/reference/{name} is out of date: make docs")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
