"""Bytes and texts that have broken readers before."""

from __future__ import annotations

from hypothesis import strategies as st

TEXTS: tuple[str, ...] = (
    *('"', '""', '","', ",", ",,", "\r", "\n", "\r\n", "\n\n", ";", "\t", "|", "\\", "'"),
    *("\0", "\ufeff", "\ufffd", "\u00a0", "\u200b", "\u200d", "\u202e", "\u2066", "\u2028"),
    *("\u0085", "\x0b", "\x0c", "\x1c", "\x1e", "\x1b[2J", "\x7f", "e\u0301", "\u00c3\u00a9"),
    *("\U0001f469\u200d\U0001f52c", "\u0645\u062d\u0645\u062f", "\u1e9b\u0323", "\ufb01", "\u0130"),
    *("NULL", "null", "N/A", "-", "#N/A", " ", "  ", "0", "-1", "1.23E+17", "3-Apr", "1e999"),
    *("tobedeleted", "inactive", "active", "ACTIVE", "true", "FALSE", "yes", "ext:x", "delta"),
    *("bulk", "absent", "1.1", "1.2", "2012-02-30", "31/12/2012", "0001-01-01", "9999-12-31"),
    *("2026-08-31T00:00:00.000Z", "\u0662\u0660\u0662\u0666-01-01", "2025-2026", "2025\u201326"),
    *("=cmd|' /C calc'!A0", "[bold]", "{", "}", "{LDAP:a},{Fed:b}", "{{{{", "%", "%3A", ":"),
    *("sourcedId", "password", "../../x", "x" * 300, "x" * 140_000, "," * 200, '"' * 201),
)

BYTES: tuple[bytes, ...] = (
    *(text.encode() for text in TEXTS),
    *(b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff\xfe", b"\xfe\xff", b"\xe9"),
)

some_bytes = st.sampled_from(BYTES) | st.binary(min_size=1, max_size=6)

some_text = st.sampled_from(TEXTS) | st.text(max_size=20)

argument = st.sampled_from(
    [text for text in TEXTS if "\0" not in text and len(text) < 1000]
) | st.text(st.characters(blacklist_characters="\0"), max_size=20)
"""What may stand in a command's arguments: anything but NUL, and bytes that are no UTF-8."""
