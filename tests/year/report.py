"""The report of a lived year, as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from year.profiles import PROFILES, Profile
from year.records import Hold, Lived, Planted, Verdict

_INTRODUCTION = """# A simulated year

Written by `{command}`; do not edit. `make year` lives all of a year and a month, in about a \
quarter of an hour of one core, and writes this page again.

Generated districts of five kinds live from {first} to {until}. Each has a small information \
system that writes its files every night: people come, go, come back, move, change names and \
numbers, teachers are replaced, terms begin, seniors leave, summer school is held, the schools \
roll up, new classes come. `rollbook serve`'s own loop reads them at each district's times, on a \
clock that is simulated. The operators know the truth and decide by it: they let in what is true, \
and turn down what is not. Nobody tells rollbook which is which.

On many days an accident is planted: the files of that day are spoilt, and whole again on the \
next. An accident is *stopped* when it is held or refused (or nothing of it counts as a change) \
and when afterwards nobody was removed, renamed, moved or unseated who should not have been. \
`tests/year/` has all of it; the same seed gives the same year."""


def report(years: Sequence[Lived], first: date, until: date, command: str = "make year") -> str:
    """The page, about what was lived from one day to another by a command."""
    blocks = [
        _INTRODUCTION.format(command=command, first=first, until=until),
        "## What came of it",
        *_summary(years),
        "## Accidents",
        "What stopped each, by district; `–` where a district cannot have it.",
        _accidents(years),
        *_missed(years),
        "## Seasons",
        "What `rollbook season` said of each district at the end of a day, and from when on. A "
        "district that is paused until a day stays in its season until then.",
        _seasons(years),
        "## Every hold",
        "*false*: on an ordinary day, of a true file. *announced*: on a day on which much changes "
        "as everybody knew. Holds of accidents are above, and counted here by day.",
        *(block for lived in years for block in _holds(lived)),
    ]
    return "\n\n".join(blocks) + "\n"


def _profile(lived: Lived) -> Profile:
    return next(profile for profile in PROFILES if profile.id == lived.district)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def _summary(years: Sequence[Lived]) -> Iterator[str]:
    yield _table(
        ("district", "what it is", "runs", "nothing new", "on ordinary days", "false holds"),
        (
            (
                f"`{lived.district}`",
                _profile(lived).kind,
                f"{lived.runs:,}",
                f"{lived.quiet_runs:,}",
                f"{lived.ordinary_runs:,}",
                len(lived.false_holds),
            )
            for lived in years
        ),
    )
    runs = sum(lived.ordinary_runs for lived in years)
    false = sum(len(lived.false_holds) for lived in years)
    planted = [p for lived in years for p in lived.planted]
    missed = [p for p in planted if not p.stopped]
    kinds = {p.name for p in planted}
    rate = f"1 in {runs // false:,}" if false else "none"
    yield (
        f"False holds: {false} in {runs:,} runs on ordinary days ({rate}; at most 1 in 200 is "
        f"wanted). Accidents: {len(planted)} of {len(kinds)} kinds, {len(missed)} not stopped. "
        f"Seasons: {sum(lived.wrong_days for lived in years)} of "
        f"{sum(seen.days for lived in years for seen in lived.seasons):,} days wrong."
    )
    said = [f"- `{lived.district}`, {fault}" for lived in years for fault in lived.faults]
    if said:
        yield "Besides:\n\n" + "\n".join(said)


def _accidents(years: Sequence[Lived]) -> str:
    names = list(dict.fromkeys(p.name for lived in years for p in lived.planted))
    found = {(lived.district, p.name): p for lived in years for p in lived.planted}
    return _table(
        ("accident", *(f"`{lived.district}`" for lived in years)),
        (
            (name, *(_outcome(found.get((lived.district, name))) for lived in years))
            for name in sorted(names)
        ),
    )


def _outcome(planted: Planted | None) -> str:
    if planted is None:
        return "–"
    if not planted.stopped:
        return "**missed**"
    return ", ".join(planted.rules) or planted.state.lower().replace("input_", "").replace(
        "noop", "nothing to do"
    )


def _seasons(years: Sequence[Lived]) -> str:
    rows = [
        (
            f"`{lived.district}`",
            seen.day,
            seen.days,
            seen.shown,
            "right" if seen.shown == seen.true else f"**{seen.true}**",
        )
        for lived in years
        for seen in lived.seasons
    ]
    return _table(("district", "from", "days", "season", "was"), rows)


def _missed(years: Sequence[Lived]) -> Iterator[str]:
    lines = [
        f"- `{lived.district}`, {p.day}, {p.name}: {p.state.lower()}"
        f"{', held by ' + ', '.join(p.rules) if p.rules else ''}; "
        + ", ".join(f"{number} {what}" for what, number in sorted(p.harm.items()))
        for lived in years
        for p in lived.missed
    ]
    if lines:
        yield "Not stopped:\n\n" + "\n".join(lines)


def _holds(lived: Lived) -> Iterator[str]:
    yield f"### {_profile(lived).name}"
    yield "\n".join(f"- {day}: {said}" for day, said in lived.said)
    shown = [hold for hold in lived.holds if hold.verdict is not Verdict.CAUGHT]
    yield _table(
        ("day", "rule", "of what", "count", "was", "why"),
        ((h.day, h.rule, h.what, f"{h.count:,}", _was(h), h.why) for h in shown),
    )
    caught: dict[tuple[object, str], list[str]] = {}
    for hold in lived.holds:
        if hold.verdict is Verdict.CAUGHT:
            caught.setdefault((hold.day, hold.because), []).append(hold.rule)
    yield _table(
        ("day", "accident", "holds"),
        (
            (day, name, ", ".join(f"{rule} × {rules.count(rule)}" for rule in dict.fromkeys(rules)))
            for (day, name), rules in caught.items()
        ),
    )


def _was(hold: Hold) -> str:
    said = f": {hold.because}" if hold.because else ""
    return f"{'**false**' if hold.verdict is Verdict.FALSE else 'right'}{said}"
