"""Items 18-38: files of another dialect, and cells that are not what they should be."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from bad_inputs.corpus import BadInput, Outcome, Spoil
from bad_inputs.district import STUDENTS, long_id, rename_users, zero_id
from bad_inputs.spoiling import both, cell, header, line, raw, table, text
from core.scene import Scene
from core.small_sis import SmallSis
from rollbook.desk.views import RunView
from rollbook.roster.kinds import Kind

_REFUSED, _SET_ASIDE, _HELD, _TAKEN, _NOBODY_LOST = Outcome

FORMULA = "=cmd|' /C calc'!A0"
CONSOLE = "\x1b[2J[bold red]Zed[/] [link=file:///etc]x[/link]"


def _decomposed(content: str) -> str:
    return unicodedata.normalize("NFD", content)


def _parted_by(delimiter: str) -> Spoil:
    return text(lambda content: content.replace(",", delimiter))


def _headers(change: Callable[[str], str]) -> Spoil:
    def changed(rows: list[list[str]]) -> None:
        rows[0] = [change(name) for name in rows[0]]

    return table(changed)


def _turned_round(rows: list[list[str]]) -> None:
    for row in rows:
        row.reverse()


def _with_column(name: str, filled: int) -> Spoil:
    """A column more, which has a value in the first ``filled`` rows."""

    def changed(rows: list[list[str]]) -> None:
        rows[0].append(name)
        for number, row in enumerate(rows[1:]):
            row.append("7" if number < filled else "")

    return table(changed)


def _without_column(name: str) -> Spoil:
    def changed(rows: list[list[str]]) -> None:
        at = rows[0].index(name)
        for row in rows:
            del row[at]

    return table(changed)


def _all_cells(name: str, change: Callable[[str], str], file: str) -> Spoil:
    def changed(rows: list[list[str]]) -> None:
        at = rows[0].index(name)
        for row in rows[1:]:
            row[at] = change(row[at])

    return table(changed, file)


def _quote(find: str, instead: str) -> Spoil:
    return text(lambda content: content.replace(find, instead, 1))


def _american(day: str) -> str:
    year, month, of_month = day.split("-")
    return f"{month}/{of_month}/{year}"


def _one_in_other_case(sis: SmallSis) -> None:
    rename_users(sis, {"s1-20": "S1-20"})


def _in_other_case(sis: SmallSis) -> None:
    rename_users(sis, {user: user.upper() for user in sis.users})


def _other_person_in_other_case(sis: SmallSis) -> None:
    sis.add_student("s1", "S1-20", classes=("c-s1-1",))


def _both_are_there(scene: Scene, view: RunView) -> None:
    assert {"s1-20", "S1-20"} <= scene.users().keys()


def _lose_zeros(sis: SmallSis) -> None:
    rename_users(sis, {zero_id(n): str(int(zero_id(n))) for n in range(1, STUDENTS + 1)})


def _numbers_of_excel(content: str) -> str:
    for number in range(1, STUDENTS + 1):
        content = content.replace(long_id(number), "1E+17")
    return content


def _name(sis: SmallSis, name: str) -> None:
    sis.users["s1-20"]["givenName"] = name


def _is_named(name: str) -> Callable[[Scene, RunView], None]:
    def look(scene: Scene, view: RunView) -> None:
        assert scene.users()["s1-20"]["given_name"] == name
        [row] = scene.rows(view.summary.id)
        assert (row.kind, row.id, row.after) == (Kind.USER, "s1-20", {"given_name": name})

    return look


def _has_no_phone(scene: Scene, view: RunView) -> None:
    assert "sms" not in scene.users()["s1-20"]


def _set_aside(
    name: str,
    code: str,
    spoil: Spoil,
    *,
    whole: bool = True,
    field: str | None = None,
    says: str = "",
) -> BadInput:
    """A row of ``s1-20`` in ``users.csv`` that must be set aside."""
    return BadInput(
        name,
        _SET_ASIDE,
        (code,),
        spoil=spoil,
        line="s1-20",
        field=field,
        says=says,
        protects=((Kind.USER, "s1-20"),),
        whole=whole,
    )


def _birth_date(name: str, day: str) -> BadInput:
    return BadInput(
        name,
        _SET_ASIDE,
        ("bad-date",),
        spoil=cell("s1-20", "birthDate", day, "demographics"),
        file="demographics.csv",
        line="s1-20",
        field="birthDate",
        protects=((Kind.DEMOGRAPHICS, "s1-20"),),
    )


CASES: list[BadInput] = [
    BadInput(
        "18-decomposed-names",
        _TAKEN,
        ("normalised-text",),
        spoil=text(_decomposed),
        line="s1-02",
    ),
    BadInput(
        "18-decomposed-ids-and-references",
        _TAKEN,
        ("normalised-text",),
        spoil=both(*(text(_decomposed, f) for f in ("users", "enrollments", "demographics"))),
        line="s1-02",
    ),
    BadInput(
        "18-a-reference-decomposed",
        _TAKEN,
        ("normalised-text",),
        spoil=text(_decomposed, "enrollments"),
        file="enrollments.csv",
        line="e-s1-48-c-s1-1",
    ),
    BadInput("19-one-id-in-other-case", _HELD, edit=_one_in_other_case, rules=("R4",)),
    BadInput("19-every-id-in-other-case", _HELD, edit=_in_other_case, rules=("R4",)),
    BadInput(
        "19-an-id-that-differs-in-case-only",
        _TAKEN,
        edit=_other_person_in_other_case,
        same=False,
        look=_both_are_there,
    ),
    BadInput("20-lone-cr", _TAKEN, spoil=raw(lambda b: b.replace(b"\r\n", b"\r"))),
    BadInput("20-lone-lf", _TAKEN, spoil=raw(lambda b: b.replace(b"\r\n", b"\n"))),
    BadInput(
        "21-stray-quote",
        _REFUSED,
        ("open-quote",),
        spoil=_quote(",Givens1-20", ',"Givens1-20'),
        line="s1-20",
    ),
    BadInput(
        "21-two-stray-quotes",
        _REFUSED,
        ("open-quote",),
        spoil=both(_quote(",Givens1-20", ',"Givens1-20'), _quote("Familys1-23,", 'Familys1-23",')),
        line="s1-20",
    ),
    BadInput(
        "21-line-break-in-a-quoted-cell",
        _REFUSED,
        ("open-quote",),
        spoil=_quote(",Givens1-20,", ',"Gi\r\nven",'),
        line="s1-20",
    ),
    BadInput(
        "21-line-break-in-a-cell",
        _REFUSED,
        ("line-break",),
        spoil=_quote(",Givens1-20,", ",Gi\nven,"),
        line="s1-20",
    ),
    _set_aside(
        "21-quote-within-a-cell-not-doubled",
        "bad-quoting",
        _quote(",Givens1-20,", ',"Gi"v"en",'),
    ),
    BadInput(
        "22-semicolons", _REFUSED, ("delimiter",), spoil=_parted_by(";"), line=1, says="semicolons"
    ),
    BadInput("22-tabs", _REFUSED, ("delimiter",), spoil=_parted_by("\t"), line=1, says="tabs"),
    BadInput("22-bars", _REFUSED, ("delimiter",), spoil=_parted_by("|"), line=1, says="bars"),
    BadInput(
        "23-duplicate-header",
        _REFUSED,
        ("duplicate-header",),
        spoil=header("phone", "email"),
        line=1,
        field="email",
    ),
    BadInput(
        "23-duplicate-header-in-other-case",
        _REFUSED,
        ("duplicate-header",),
        spoil=header("phone", "Sms"),
        line=1,
        field="Sms",
    ),
    BadInput(
        "23-second-id-column",
        _REFUSED,
        ("duplicate-header",),
        spoil=header("phone", "SOURCEDID"),
        line=1,
        field="SOURCEDID",
    ),
    BadInput(
        "24-blank-header",
        _REFUSED,
        ("blank-header",),
        spoil=header("phone", ""),
        line=1,
        says="Column 15",
    ),
    BadInput(
        "24-header-of-blanks",
        _REFUSED,
        ("blank-header",),
        spoil=header("phone", " \u200b "),
        line=1,
    ),
    BadInput("25-columns-turned-round", _TAKEN, spoil=table(_turned_round)),
    BadInput(
        "26-headers-in-lower-case",
        _TAKEN,
        ("header-variant",),
        spoil=_headers(str.lower),
        line=1,
        field="sourcedId",
    ),
    BadInput(
        "26-headers-with-blanks",
        _TAKEN,
        ("header-variant",),
        spoil=_headers(lambda name: f" {name} "),
        line=1,
    ),
    BadInput(
        "26-file-name-in-upper-case",
        _TAKEN,
        ("file-name",),
        spoil=lambda folder: (folder / "users.csv").rename(folder / "USERS.CSV"),
        file="USERS.CSV",
    ),
    BadInput(
        "27-id-header-misspelt",
        _REFUSED,
        ("missing-header",),
        spoil=header("sourcedId", "sourceId"),
        line=1,
        field="sourcedId",
    ),
    BadInput(
        "27-required-header-misspelt",
        _REFUSED,
        ("missing-header",),
        spoil=header("enabledUser", "enableUser"),
        line=1,
        field="enabledUser",
    ),
    BadInput(
        "27-required-column-not-there",
        _REFUSED,
        ("missing-header",),
        spoil=_without_column("role"),
        line=1,
        field="role",
    ),
    BadInput(
        "27-optional-header-misspelt",
        _HELD,
        ("unknown-column",),
        spoil=header("email", "emial"),
        line=1,
        field="emial",
        says="kept as an extension",
        rules=("R5",),
    ),
    BadInput(
        "27-column-of-agents-not-there",
        _TAKEN,
        ("absent-column",),
        spoil=_without_column("agentSourcedIds"),
        line=1,
        field="agentSourcedIds",
    ),
    BadInput(
        "27-no-header-at-all",
        _REFUSED,
        ("missing-header",),
        spoil=text(lambda content: content.partition("\r\n")[2]),
        line=1,
        field="sourcedId",
    ),
    BadInput("28-extension-column", _TAKEN, spoil=_with_column("metadata.bus", 20), same=False),
    BadInput(
        "28-unknown-column",
        _TAKEN,
        ("unknown-column",),
        spoil=_with_column("shoeSize", 20),
        line=1,
        field="shoeSize",
        same=False,
    ),
    BadInput(
        "28-unknown-column-that-all-have",
        _NOBODY_LOST,
        ("unknown-column",),
        spoil=_with_column("shoeSize", 300),
        line=1,
        field="shoeSize",
    ),
    _set_aside("29-a-cell-too-many", "cell-count", line("s1-20", lambda row: f"{row},x")),
    _set_aside(
        "29-an-unquoted-comma",
        "cell-count",
        line("s1-20", lambda row: row.replace("Family", "Fam,ily", 1)),
    ),
    _set_aside(
        "29-a-cell-too-few",
        "cell-count",
        line("s1-20", lambda row: row.rsplit(",", 1)[0]),
        says="17 cells where the header has 18",
    ),
    _set_aside(
        "29-a-row-that-swallowed-the-next",
        "cell-count",
        text(lambda content: content.replace("\r\ng-s1-20,", "g-s1-20,")),
        whole=False,
    ),
    _set_aside(
        "29-a-damaged-row-that-swallowed-the-next",
        "bad-quoting",
        both(
            line("s1-20", lambda row: f'{row}"x"'),
            text(lambda content: content.replace('"x"\r\n', '"x"')),
        ),
        whole=False,
    ),
    _set_aside(
        "30-a-cell-of-140000-characters",
        "cell-too-long",
        line("s1-20", lambda row: row.replace("Given", "G" * 140_000, 1)),
    ),
    BadInput(
        "31-a-line-of-two-megabytes",
        _REFUSED,
        ("line-too-long",),
        spoil=line("s1-20", lambda row: row.replace("Given", "G" * (2 << 20), 1)),
        line="s1-20",
    ),
    BadInput("33-leading-zeros-lost", _HELD, edit=_lose_zeros, rules=("R4",)),
    BadInput(
        "33-one-number-in-scientific-notation",
        _SET_ASIDE,
        ("damaged-id",),
        spoil=line(long_id(7), lambda row: row.replace(long_id(7), "1.00000E+17", 1)),
        line=long_id(7),
        field="sourcedId",
        protects=((Kind.USER, long_id(7)),),
        whole=False,
    ),
    BadInput(
        "33-all-numbers-in-scientific-notation",
        _REFUSED,
        ("damaged-id", "R8-rejected-rows"),
        spoil=text(_numbers_of_excel),
        line=long_id(1),
        field="sourcedId",
    ),
    _set_aside(
        "33-an-id-that-became-a-date",
        "damaged-id",
        line("s1-20", lambda row: row.replace("s1-20", "3-Apr", 1)),
        whole=False,
    ),
    _birth_date("34-day-before-month", "31/12/2012"),
    _birth_date("34-no-day-of-the-calendar", "2012-02-30"),
    _birth_date("34-year-0001", "0001-01-01"),
    BadInput(
        "34-every-date-as-americans-write-it",
        _REFUSED,
        ("bad-date", "R8-rejected-rows"),
        spoil=_all_cells("birthDate", _american, "demographics"),
        file="demographics.csv",
        line=2,
        field="birthDate",
    ),
    BadInput(
        "35-true-in-capitals",
        _TAKEN,
        ("case-variant",),
        spoil=cell("s1-20", "enabledUser", "TRUE"),
        line="s1-20",
        field="enabledUser",
    ),
    _set_aside("35-yes", "bad-value", cell("s1-20", "enabledUser", "yes"), field="enabledUser"),
    _set_aside("35-one", "bad-value", cell("s1-20", "enabledUser", "1"), field="enabledUser"),
    _set_aside("35-unknown-role", "bad-value", cell("s1-20", "role", "pupil"), field="role"),
    BadInput(
        "35-every-flag-is-a-number",
        _REFUSED,
        ("bad-value", "R8-rejected-rows"),
        spoil=_all_cells("enabledUser", lambda _: "1", "users"),
        line=2,
        field="enabledUser",
    ),
    BadInput(
        "36-null-for-a-phone",
        _TAKEN,
        ("placeholder",),
        spoil=cell("s1-20", "sms", "NULL"),
        line="s1-20",
        field="sms",
        same=False,
        look=_has_no_phone,
    ),
    BadInput(
        "36-null-for-every-address",
        _HELD,
        ("placeholder",),
        spoil=_all_cells("email", lambda _: "NULL", "users"),
        line=2,
        field="email",
        rules=("R5",),
    ),
    _set_aside("36-null-for-a-role", "blank-required", cell("s1-20", "role", "N/A"), field="role"),
    _set_aside(
        "36-null-for-an-id",
        "blank-id",
        line("s1-20", lambda row: row.replace("s1-20", "NULL", 1)),
        whole=False,
    ),
    BadInput(
        "36-dash-for-a-name",
        _TAKEN,
        ("placeholder-kept",),
        spoil=cell("s1-20", "givenName", "-"),
        line="s1-20",
        field="givenName",
        same=False,
        look=_is_named("-"),
    ),
    BadInput(
        "37-formula",
        _TAKEN,
        edit=lambda sis: _name(sis, FORMULA),
        same=False,
        look=_is_named(FORMULA),
    ),
    BadInput(
        "38-escape-and-markup",
        _TAKEN,
        edit=lambda sis: _name(sis, CONSOLE),
        same=False,
        look=_is_named(CONSOLE),
    ),
]
