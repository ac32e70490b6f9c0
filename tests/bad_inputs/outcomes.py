"""Delivering a bad input to a settled district, and what must hold of every outcome."""

from __future__ import annotations

from pathlib import Path

from bad_inputs.corpus import BadInput, Outcome
from bad_inputs.district import LEAVER, good_sis
from bad_inputs.packing import ARCHIVE, packed
from bad_inputs.spoiling import line_of
from core.scene import NORTH, Held, Scene
from rollbook.desk import auditing, decisions, syncing
from rollbook.desk.views import RunState, RunView, Severity
from rollbook.roster.kinds import Kind
from rollbook.roster.records import derived_parts

_NAMES = ("Given", "Family", "Zo\u00eb", "Jos\u00e9")

_SEVERITY = {
    Outcome.REFUSED: Severity.ERROR,
    Outcome.SET_ASIDE: Severity.ERROR,
    Outcome.TAKEN: Severity.WARNING,
}


def check(scene: Scene, case: BadInput) -> None:
    """Deliver the input, see that what comes of it is what must, and that the district recovers."""
    before, generation = scene.held(), scene.generation()
    if case.outcome is Outcome.SET_ASIDE:
        scene.sis.drop_user(LEAVER)
    expected_line = _expected_line(scene.sis.write(scene.drop), case)
    case.deliver(scene.sis, scene.drop)
    view = syncing.sync(scene.desk, NORTH)
    after = scene.held()
    _no_name_is_told(view)
    _told(case, view, expected_line)
    match case.outcome:
        case Outcome.REFUSED:
            _refused(case, view, expected_line)
            assert after == before
            assert scene.generation() == generation
        case Outcome.SET_ASIDE:
            assert view.summary.state in (RunState.APPLIED, RunState.NOOP), view.summary.message
            for kind, record in case.protects:
                assert after[kind][record] == before[kind][record]
            assert after == (without(before, LEAVER) if case.whole else before)
        case Outcome.HELD:
            assert view.summary.state is RunState.HELD
            assert {hold.rule for hold in view.holds} >= set(case.rules)
            assert all(hold.why and hold.count for hold in view.holds)
        case Outcome.TAKEN:
            assert view.summary.state in (RunState.APPLIED, RunState.NOOP), view.summary.message
            assert not case.same or after == before
    if case.outcome is not Outcome.SET_ASIDE:
        assert after[Kind.USER].keys() >= before[Kind.USER].keys()
    if case.look is not None:
        case.look(scene, view)
    _recovers(scene, before)


def without(held: Held, user: str) -> Held:
    """A directory without a person and all that is theirs."""
    return {
        kind: {i: v for i, v in records.items() if not _belongs(kind, i, v, user)}
        for kind, records in held.items()
    }


def _belongs(kind: Kind, record: str, values: object, user: str) -> bool:
    if kind in (Kind.ROLE, Kind.GUARDIAN):
        return user in derived_parts(record)
    if kind is Kind.ENROLLMENT:
        assert isinstance(values, dict)
        return bool(values["user_id"] == user)
    return record == user


def _expected_line(good: Path, case: BadInput) -> int | None:
    if isinstance(case.line, str):
        assert case.file is not None
        return line_of(good, case.line, case.file)
    return case.line


def _told(case: BadInput, view: RunView, line: int | None) -> None:
    """The findings say what, where, and what to do."""
    found = {finding.code for finding in view.findings}
    assert found >= set(case.codes), found
    severity = _SEVERITY.get(case.outcome)
    for place, code in enumerate(case.codes):
        told = [finding for finding in view.findings if finding.code == code]
        assert all(finding.remedy for finding in told)
        if place == 0:
            assert severity in (None, told[0].severity)
            assert (told[0].file, told[0].line) == (case.file, line)
            assert case.field is None or told[0].field == case.field
            assert case.says in told[0].message, told[0].message
    if case.outcome is Outcome.SET_ASIDE:
        assert view.findings_error


def _refused(case: BadInput, view: RunView, line: int | None) -> None:
    assert view.summary.state is RunState.INPUT_REFUSED, view.summary.message
    assert view.digest is None
    assert not view.holds
    assert not any(any(verbs.values()) for verbs in view.applied.values())
    if case.file is not None:
        assert case.file in view.summary.message
    if line is not None and "R8-rejected-rows" not in case.codes:
        assert f"line {line}" in view.summary.message


def _no_name_is_told(view: RunView) -> None:
    told = [view.summary.message, *(hold.why for hold in view.holds)]
    told += [f"{finding.message} {finding.remedy}" for finding in view.findings]
    assert not [words for words in told if any(name in words for name in _NAMES)]


def _recovers(scene: Scene, before: Held) -> None:
    """The trail is whole, and the next good set, approved, makes all as it was."""
    assert auditing.verify(scene.desk).ok
    scene.sis = good_sis()
    archived = (scene.drop / ARCHIVE).is_file()
    for file in scene.drop.iterdir():
        file.unlink()
    if archived:
        scene.sis.write(scene.drop)
        packed()(scene.drop)
    view = scene.sync_through()
    assert view.summary.state in (RunState.APPLIED, RunState.NOOP), view.summary.message
    assert not decisions.holds(scene.desk, NORTH)
    assert scene.held() == before
