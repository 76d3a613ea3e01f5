"""From the bytes of a YAML or CSV file to nodes that know their line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Final

import yaml

from shanshi.cities.rules.problems import Notes

LARGEST_YAML_BYTES: Final = 4_000_000
LARGEST_CSV_BYTES: Final = 64_000_000
DEEPEST: Final = 12
PLAIN: Final = frozenset(
    f"tag:yaml.org,2002:{tag}" for tag in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
)
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NOTHING: Final = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class Node:
    """One value with the line it stands on: a text, nothing, a list, or names with values."""

    line: int
    value: str | list[Node] | dict[str, Node] | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written here."""
        return self.value is None or self.value == ""


def read_text(file: str, data: bytes, notes: Notes) -> str | None:
    """Return the text of a file, or None after noting why it cannot be read.

    data  UTF-8, with or without the mark of byte order
    """
    largest = LARGEST_CSV_BYTES if file.endswith(".csv") else LARGEST_YAML_BYTES
    if len(data) > largest:
        notes.add(file, 0, "", f"The file has {len(data):,} bytes; at most {largest:,} are read.")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        notes.add(file, line, "", f"The file is not UTF-8 (byte {wrong.start + 1}); save it as UTF-8.")
        return None
    if not text.strip():
        notes.add(file, 0, "", "The file is empty; remove it, or fill it.")
        return None
    return text


def read_yaml(file: str, text: str, notes: Notes) -> Node | None:
    """Return the one document of a YAML text, or None after noting why it cannot be read.

    Aliases, tags and keys given twice are refused: each value stands where it is used, once.
    """
    if _nests_too_deep(text):
        notes.add(file, 0, "", f"Lists and maps are nested deeper than {DEEPEST} levels.")
        return None
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        line = mark.line + 1 if mark else 0
        notes.add(file, line, "", f"This is not YAML: {wrong.problem or wrong.context}.")
        return None
    except yaml.YAMLError as wrong:
        notes.add(file, 0, "", f"This is not YAML: {str(wrong).splitlines()[0]}.")
        return None
    if root is None:
        notes.add(file, 0, "", "The file holds nothing but comments; remove it, or fill it.")
        return None
    return _node(file, root, notes, set())


def _nests_too_deep(text: str) -> bool:
    depth = 0
    try:
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:
                    return True
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        return False
    return False


def _node(file: str, node: yaml.Node, notes: Notes, seen: set[int]) -> Node:
    line = node.start_mark.line + 1
    if id(node) in seen:
        notes.add(file, line, "", "An anchor is used again (*name); write the value where it is used.")
        return Node(line, None)
    seen.add(id(node))
    if node.tag not in PLAIN:
        notes.add(file, line, "", f"The tag {node.tag} is not allowed; write a plain value.")
        return Node(line, None)
    if isinstance(node, yaml.SequenceNode):
        return Node(line, [_node(file, item, notes, seen) for item in node.value])
    if isinstance(node, yaml.MappingNode):
        entries: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name in entries:
                notes.add(file, key.start_mark.line + 1, name, "The field is given twice.")
            entries[name] = _node(file, value, notes, seen)
        return Node(line, entries)
    return Node(line, None if node.tag == NOTHING else str(node.value).strip())


def read_csv(file: str, text: str, columns: dict[str, bool], notes: Notes) -> list[Node]:
    """Return the rows of a CSV text, each a node of names with values; empty cells are nothing.

    text     comma-separated, first line names the columns, in any order
    columns  the columns of the format: whether each is required
    """
    rows: list[Node] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    names: list[str] = []
    try:
        names = [name.strip() for name in next(reader, [])]
        if not _columns_are_right(file, names, columns, notes):
            return []
        line = reader.line_num + 1
        for cells in reader:
            if cells and any(cell.strip() for cell in cells):
                if len(cells) == len(names):
                    # A cell over several lines is rare; the record's first line is what a person looks for.
                    entries = {
                        name: Node(line, cell.strip() or None)
                        for name, cell in zip(names, cells, strict=True)
                    }
                    rows.append(Node(line, dict(entries)))
                else:
                    reason = f"The line has {len(cells)} cells; the first line names {len(names)} columns."
                    notes.add(file, line, "", reason)
            line = reader.line_num + 1
    except csv.Error as wrong:
        notes.add(file, reader.line_num, "", f"This is not CSV: {wrong}.")
    return rows


def _columns_are_right(file: str, names: list[str], columns: dict[str, bool], notes: Notes) -> bool:
    before = len(notes.problems)
    for name in names:
        if name not in columns:
            notes.add(file, 1, name, f"There is no such column; there are {', '.join(columns)}.")
    for name in {name for name in names if names.count(name) > 1}:
        notes.add(file, 1, name, "The column is given twice.")
    for name, required in columns.items():
        if required and name not in names:
            notes.add(file, 1, name, "The column is missing.")
    return len(notes.problems) == before
