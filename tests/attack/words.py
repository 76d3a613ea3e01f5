"""What an attacker writes into a field."""

from __future__ import annotations

from hypothesis import strategies as st

SQL = (
    "' OR '1'='1",
    "x'; DROP TABLE registry_person; --",
    '"; SELECT pg_sleep(9); --',
    "%' ESCAPE '",
    "\\'; --",
    "$$;--",
)
TEMPLATE = (
    "{{7*7}}",
    "{% load log %}{% debug %}",
    "${7*7}",
    "#{7*7}",
    "{0.__class__}",
    "%(password)s",
    "{settings.SECRET_KEY}",
)
MARKUP = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg/onload=alert(1)>", "javascript:alert(1)",
    "</textarea><script>alert(1)</script>", "<!--", "]]>", "&lt;b&gt;",
)  # fmt: skip
HEADER = ("x\r\nSet-Cookie: a=b", "x\nLocation: //evil.example", "x%0d%0aSet-Cookie:a=b")
FORMULA = ("=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", '=HYPERLINK("http://evil.example")')
SIGNS = (
    "\0", "a\0b", "\u202ecba", "\u200b", "\ufeff", "\ufffe", "e" + "\u0301" * 200, "\U0001f469\u200d\U0001f469",
    "ﷺ" * 50, "\x1b[31m", "\u2028", "１２３", "İ", "ß" * 30, "١٢٣",
)  # fmt: skip
PATHS = ("../../etc/passwd", "..%2f..", "file:///etc/passwd", "//evil.example", "\\\\evil\\share")
NUMBERS = ("-1", "0", "99999999999999999999", "1e309", "NaN", "Infinity", "-0", "0x10", "٣", "1_000")
NASTY = (*SQL, *TEMPLATE, *MARKUP, *HEADER, *FORMULA, *SIGNS, *PATHS, *NUMBERS, "", " ", "null", "\ud800")

# Half of a pair of surrogates is no character; JSON can say it all the same.
ANY_TEXT = st.text(st.characters(), max_size=80)
