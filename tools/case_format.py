"""Writes the tables of docs/reference/case-format.md from the records of a case.

python -m tools.case_format           # after a field has changed
python -m tools.case_format --check   # exit 1 if the page is not up to date
"""

from __future__ import annotations

import sys
from pathlib import Path

from shanshi.cities.rules.describe import reference

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "case-format.md"
BEGIN, END = "<!-- made by tools/case_format.py: begin -->\n", "<!-- made by tools/case_format.py: end -->\n"


def renewed(page: str) -> str:
    """Return the page with its tables made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{reference()}{END}{after}"


def main() -> int:
    old = PAGE.read_text(encoding="utf-8")
    new = renewed(old)
    if "--check" in sys.argv[1:]:
        return int(old != new)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
