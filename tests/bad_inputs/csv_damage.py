"""Items 1-17: files that are empty, missing, cut, joined, or not the UTF-8 that they should be."""

from __future__ import annotations

import codecs

from bad_inputs.corpus import BadInput, Outcome, Spoil
from bad_inputs.district import long_id
from bad_inputs.spoiling import both, line, raw, text
from core.scene import Scene
from core.small_sis import SmallSis
from rollbook.desk.views import RunView
from rollbook.roster.kinds import Kind

_REFUSED, _SET_ASIDE, _HELD, _TAKEN, _ = Outcome


def _header_only(content: str) -> str:
    return content[: content.index("\r\n") + 2]


def _delete(file: str) -> BadInput:
    return BadInput(
        f"03-no-{file}",
        _REFUSED,
        ("no-manifest" if file == "manifest" else "missing-file",),
        spoil=lambda folder: (folder / f"{file}.csv").unlink(),
        file=f"{file}.csv",
    )


def _write(name: str, content: str) -> Spoil:
    return lambda folder: (folder / name).write_text(content)


def _keep_lines(number: int) -> Spoil:
    return text(lambda content: "".join(content.splitlines(keepends=True)[:number]))


def _mojibake(content: str) -> str:
    return content.encode().decode("cp1252")


def _mistaken_names(sis: SmallSis) -> None:
    for row in sis.users.values():
        row["familyName"] = f"{row['familyName']}\u00c3\u00a9"


def _every_name_is_told(scene: Scene, view: RunView) -> None:
    [told] = [finding for finding in view.findings if finding.code == "mojibake"]
    assert told.count == len(scene.users())


def _id_in_one_line(before: str, after: str) -> Spoil:
    return line(before, lambda row: row.replace(before, after, 1))


def _everywhere(change: str, meant: str) -> Spoil:
    """Write the id of a person otherwise in every file, references and all."""
    return both(*(text(lambda t: t.replace(meant, change), file) for file in _WITH_USERS))


_WITH_USERS = ("users", "enrollments", "demographics")
_FIRST_OF_S2 = "e-t-s2-1-c-s2-1"


def _two_files_in_one(content: bytes) -> bytes:
    return content + codecs.BOM_UTF8 + content


def _cp1252(content: bytes) -> bytes:
    return content.decode().encode("cp1252")


def _wide(encoding: str, mark: bytes) -> Spoil:
    return raw(lambda content: mark + content.decode().encode(encoding))


CASES: list[BadInput] = [
    BadInput("01-zero-byte-users", _REFUSED, ("empty-file",), spoil=raw(lambda _: b""), line=1),
    BadInput(
        "01-zero-byte-enrollments",
        _REFUSED,
        ("empty-file",),
        spoil=raw(lambda _: b"", "enrollments"),
        file="enrollments.csv",
        line=1,
    ),
    BadInput(
        "01-zero-byte-manifest",
        _REFUSED,
        ("empty-file",),
        spoil=raw(lambda _: b"", "manifest"),
        file="manifest.csv",
        line=1,
    ),
    BadInput("01-blank-lines", _REFUSED, ("empty-file",), spoil=raw(lambda _: b"\n,,\r\n"), line=1),
    BadInput("02-header-only-users", _REFUSED, ("header-only",), spoil=text(_header_only), line=1),
    BadInput(
        "02-header-only-enrollments",
        _REFUSED,
        ("header-only",),
        spoil=text(_header_only, "enrollments"),
        file="enrollments.csv",
        line=1,
    ),
    BadInput(
        "02-header-and-blank-rows",
        _REFUSED,
        ("header-only",),
        spoil=text(lambda t: f"{_header_only(t)}\r\n,,,,\r\n"),
        line=1,
    ),
    _delete("enrollments"),
    _delete("users"),
    _delete("orgs"),
    _delete("manifest"),
    BadInput(
        "04-unknown-file",
        _TAKEN,
        ("unknown-file",),
        spoil=_write("cafeteria.csv", "a,b\n1,2\n"),
        file="cafeteria.csv",
    ),
    BadInput(
        "04-file-that-the-manifest-does-not-name",
        _TAKEN,
        ("not-read",),
        spoil=_write("results.csv", "a,b\n1,2\n"),
        file="results.csv",
    ),
    BadInput(
        "04-file-whose-name-is-no-utf-8",
        _TAKEN,
        ("unknown-file",),
        spoil=_write("\udce9l\udce8ves.csv", "a,b\n1,2\n"),
        file="\\xe9l\\xe8ves.csv",
    ),
    BadInput("05-cut-in-a-row", _REFUSED, ("truncated",), spoil=raw(lambda b: b[:-20]), line=301),
    BadInput(
        "05-cut-in-the-middle",
        _REFUSED,
        ("truncated",),
        spoil=text(lambda t: t[: t.index(long_id(9)) + 40]),
        line=long_id(9),
    ),
    BadInput(
        "05-cut-in-enrollments",
        _REFUSED,
        ("truncated",),
        spoil=text(lambda t: t[: t.index(_FIRST_OF_S2) + 25], "enrollments"),
        file="enrollments.csv",
        line=_FIRST_OF_S2,
    ),
    BadInput(
        "06-cut-in-a-quoted-cell",
        _REFUSED,
        ("truncated",),
        spoil=text(lambda t: t[: t.index("s1-20")] + 's1-20,,,true,"s1,s'),
        line="s1-20",
    ),
    BadInput(
        "07-cut-after-a-row-half-gone", _REFUSED, ("R8-shrunk",), spoil=_keep_lines(151), says="150"
    ),
    BadInput("07-cut-after-a-row-a-fifth-gone", _HELD, spoil=_keep_lines(241), rules=("R1",)),
    BadInput(
        "08-cut-in-an-id-at-the-end",
        _REFUSED,
        ("truncated",),
        spoil=raw(lambda b: b + b"s1-0"),
        line=302,
    ),
    BadInput(
        "08-cut-in-an-id",
        _SET_ASIDE,
        ("cell-count",),
        spoil=line("s1-20", lambda _: "s1-2"),
        line="s1-20",
        protects=((Kind.USER, "s1-20"),),
        whole=False,
    ),
    BadInput(
        "08-cut-after-the-id",
        _SET_ASIDE,
        ("cell-count",),
        spoil=line("s1-20", lambda _: "s1-20,,"),
        line="s1-20",
        protects=((Kind.USER, "s1-20"),),
    ),
    BadInput(
        "08-every-id-cut-to-a-width",
        _REFUSED,
        ("duplicate-id", "R8-rejected-rows"),
        spoil=text(
            lambda t: "\r\n".join(
                row if not n else ",".join((row.split(",")[0][:4], *row.split(",")[1:]))
                for n, row in enumerate(t.split("\r\n"))
            )
        ),
        line="t-s1-1",
    ),
    BadInput("09-no-final-line-end", _TAKEN, spoil=raw(lambda b: b.rstrip(b"\r\n"))),
    BadInput("10-byte-order-mark", _TAKEN, spoil=raw(lambda b: codecs.BOM_UTF8 + b)),
    BadInput(
        "10-byte-order-mark-on-every-file",
        _TAKEN,
        spoil=both(*(raw(lambda b: codecs.BOM_UTF8 + b, f) for f in ("manifest", "orgs", "users"))),
    ),
    BadInput(
        "11-two-files-joined",
        _REFUSED,
        ("byte-order-mark",),
        spoil=raw(_two_files_in_one),
        line=302,
    ),
    BadInput(
        "11-two-files-joined-without-a-mark",
        _REFUSED,
        ("R8-rejected-rows",),
        spoil=raw(lambda b: b + b.replace(b",true,", b",false,")),
    ),
    BadInput(
        "12-utf-16-le",
        _REFUSED,
        ("utf-16",),
        spoil=_wide("utf-16-le", codecs.BOM_UTF16_LE),
        line=1,
    ),
    BadInput(
        "12-utf-16-be",
        _REFUSED,
        ("utf-16",),
        spoil=_wide("utf-16-be", codecs.BOM_UTF16_BE),
        line=1,
    ),
    BadInput("12-utf-16-no-mark", _REFUSED, ("utf-16",), spoil=_wide("utf-16-le", b""), line=1),
    BadInput("12-utf-32", _REFUSED, ("utf-16",), spoil=_wide("utf-32-be", b""), line=1),
    BadInput(
        "13-cp1252",
        _REFUSED,
        ("not-utf8",),
        spoil=raw(_cp1252),
        line="s1-02",
        says="is not UTF-8: byte",
    ),
    BadInput(
        "14-mojibake-in-a-name",
        _HELD,
        ("mojibake",),
        spoil=line("s1-03", _mojibake),
        line="s1-03",
        rules=("R5",),
    ),
    BadInput(
        "14-mojibake-in-every-name",
        _HELD,
        ("mojibake",),
        _mistaken_names,
        line=2,
        rules=("R5",),
        look=_every_name_is_told,
    ),
    BadInput(
        "15-nul-in-a-name",
        _SET_ASIDE,
        ("nul-character",),
        spoil=line("s1-20", lambda row: row.replace("Given", "Gi\0ven")),
        line="s1-20",
        protects=((Kind.USER, "s1-20"),),
    ),
    BadInput(
        "15-nul-in-an-id",
        _SET_ASIDE,
        ("nul-character",),
        spoil=_id_in_one_line("s1-20", "s1-\x0020"),
        line="s1-20",
        protects=((Kind.USER, "s1-20"),),
        whole=False,
    ),
    BadInput(
        "16-zero-width-space-in-an-id",
        _SET_ASIDE,
        ("bad-id",),
        spoil=_id_in_one_line("s1-20", "s1-\u200b20"),
        line="s1-20",
        says="U+200B ZERO WIDTH SPACE",
        protects=((Kind.USER, "s1-20"),),
    ),
    BadInput(
        "16-bidi-override-in-an-id",
        _SET_ASIDE,
        ("bad-id",),
        spoil=_id_in_one_line("s1-20", "\u202es1-20"),
        line="s1-20",
        says="U+202E RIGHT-TO-LEFT OVERRIDE",
        protects=((Kind.USER, "s1-20"),),
    ),
    BadInput(
        "16-bell-in-an-id",
        _SET_ASIDE,
        ("bad-id",),
        spoil=_id_in_one_line("s1-20", "s1-20\a"),
        line="s1-20",
        says="U+0007",
        protects=((Kind.USER, "s1-20"),),
        whole=False,
    ),
    BadInput(
        "16-zero-width-space-in-a-reference",
        _SET_ASIDE,
        ("bad-id",),
        spoil=line(
            "e-s1-20-c-s1-1", lambda row: row.replace(",s1-20,", ",s1-\u200b20,"), "enrollments"
        ),
        file="enrollments.csv",
        line="e-s1-20-c-s1-1",
        field="userSourcedId",
        protects=((Kind.ENROLLMENT, "e-s1-20-c-s1-1"),),
    ),
    BadInput(
        "17-blank-after-an-id",
        _TAKEN,
        ("outer-space",),
        spoil=_id_in_one_line("s1-20", "s1-20 "),
        line="s1-20",
        field="sourcedId",
    ),
    BadInput(
        "17-no-break-space-after-an-id-everywhere",
        _TAKEN,
        ("outer-space",),
        spoil=_everywhere(",s1-20\u00a0,", ",s1-20,"),
        file="enrollments.csv",
        line="e-s1-20-c-s1-1",
    ),
    BadInput(
        "17-no-break-space-in-an-id",
        _SET_ASIDE,
        ("bad-id",),
        spoil=_id_in_one_line("s1-20", "s1-\u00a020"),
        line="s1-20",
        says="U+00A0 NO-BREAK SPACE",
        protects=((Kind.USER, "s1-20"),),
        whole=False,
    ),
]
