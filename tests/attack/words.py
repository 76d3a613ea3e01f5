"""What an attacker writes into a field."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.attack.size import TIMES

SQL = (
    "' OR '1'='1", "x'; DROP TABLE registry_person; --", '"; SELECT pg_sleep(9); --', "%' ESCAPE '",
    "\\'; --",
    "$$;--", "%", "_",
)  # fmt: skip
TEMPLATE = (
    "{{7*7}}", "{% load log %}{% debug %}", "${7*7}", "#{7*7}", "{0.__class__}", "%(password)s",
    "{settings.SECRET_KEY}", "{", "%",
)  # fmt: skip
MARKUP = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>",
    "javascript:alert(1)", "</textarea><script>alert(1)</script>", "<!--", "]]>", "&lt;b&gt;",
)  # fmt: skip
HEADER = ("x\r\nSet-Cookie: a=b", "x\nLocation: //evil.example", "x%0d%0aSet-Cookie:a=b")
FORMULA = ("=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", '=HYPERLINK("http://evil.example")')
SIGNS = (
    "\0", "a\0b", "\u202ecba", "\u200b", "\ufeff", "\ufffe",
    "e" + "\u0301" * 200, "\U0001f469\u200d\U0001f469",
    "ﷺ" * 50, "\x1b[31m", "\u2028", "１２３", "İ", "ß" * 30, "١٢٣", "\ud800", "x" * 5000,
)  # fmt: skip
PATHS = ("../../etc/passwd", "..%2f..", "file:///etc/passwd", "//evil.example", "\\\\evil\\share")
NUMBERS = ("-1", "0", "9" * 20, "9" * 5000, "1e309", "NaN", "Infinity", "-0", "0x10", "٣", "1_000")
DAYS = ("0001-01-01", "9999-12-31", "2019-02-30", "0001-01-01T00:00:00+23:59", "2019-W01-1", "24:00")
NASTY = (*SQL, *TEMPLATE, *MARKUP, *HEADER, *FORMULA, *SIGNS, *PATHS, *NUMBERS, *DAYS, "", " ", "null")
# In `make test` a few of each kind, where a request is dear fewer still; in a drill all of them everywhere.
_LONG = TIMES > 1
FEW = NASTY if _LONG else (SQL[1], TEMPLATE[4], MARKUP[0], "a\0b", "x" * 5000, "9" * 20, DAYS[3])
FEWER = NASTY if _LONG else (SQL[1], MARKUP[0], "a\0b", PATHS[3])
WORST = NASTY if _LONG else ("a\0b", "\ud800")

# Half of a pair of surrogates is no character; JSON can say it all the same.
ANY_TEXT = st.text(st.characters(), max_size=80)
