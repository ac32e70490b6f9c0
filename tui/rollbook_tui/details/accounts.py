"""What a run makes happen to accounts: the counts in a preview, and one change in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from rollbook.desk.account_views import AccountChangeRow, AccountCounts, AccountVerb
from rollbook.desk.views import Lane, Verb
from rollbook_tui.account_words import ACCOUNT_VERBS, MEANINGS, account_fields, before_after
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.field_changes import one_sided, two_sided
from rollbook_tui.words import LANES, ROLES, compact


def account_count_lines(counts: AccountCounts) -> Iterator[Content]:
    """A line for each thing that happens, with how much of it waits."""
    for verb in AccountVerb:
        if not (number := counts.counts.get(verb, 0)):
            continue
        sign = ACCOUNT_VERBS[verb]
        parts = [
            Content.styled(f"{sign.mark}{number:>8,} ", f"bold {sign.style.removeprefix('bold ')}"),
            Content(MEANINGS[verb]),
        ]
        for waiting, lane in ((counts.held, Lane.HELD), (counts.paused, Lane.PAUSED)):
            if some := waiting.get(verb, 0):
                parts.append(
                    Content.styled(
                        f"  {LANES[lane].mark} {compact(some)} {LANES[lane].word}",
                        LANES[lane].style,
                    )
                )
        yield Content.assemble(*parts)


def first_accounts(rows: Sequence[AccountChangeRow], width: int) -> Iterator[Content]:
    """Some account changes, two lines each: what and who, from what to what."""
    for row in rows:
        sign = ACCOUNT_VERBS[row.verb]
        head = Content.assemble(sign.both(), f"  {drawable(row.label or row.person)}")
        yield head.truncate(width, ellipsis=True)
        before, after = before_after(row)
        words = Content.assemble((drawable(before), "$muted"), " → " if before else "")
        yield (words + drawable(after)).truncate(width - 2, ellipsis=True).pad_left(2)


def account_lines(row: AccountChangeRow, width: int) -> Iterator[Content]:
    """One account change in full."""
    yield from Content.styled(drawable(row.label or row.person), "bold").wrap(width)
    facts = [row.person, ROLES[row.role][0], row.school_name]
    parts = [Content.styled(drawable(fact), "$muted") for fact in facts if fact]
    parts.append(LANES[row.lane].both())
    if row.hold and row.lane is Lane.HELD:
        parts.append(Content.styled(drawable(row.hold), "$muted"))
    yield from Content.styled(" · ", "$rule").join(parts).wrap(width)
    yield Content("")
    fields = account_fields(row)
    if row.before is None:
        yield from one_sided(Verb.ADD, fields, width)
    else:
        yield from two_sided(fields, width)
