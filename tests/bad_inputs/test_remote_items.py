"""Where the bad inputs that come over a network have their tests (``safety.md`` §4.10, 74–90)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "core" / "sources"

REMOTE: dict[int, tuple[str, ...]] = {
    74: (
        "sftp/test_host_keys.py::test_a_changed_key_stops_with_both_fingerprints",
        "sftp/test_openssh.py::test_a_changed_key",
    ),
    75: ("sftp/test_host_keys.py::test_an_unknown_server_is_sent_nothing",),
    76: (
        "sftp/test_drops.py::test_one_that_grows_is_waited_for",
        "sftp/test_drops.py::test_a_marker_that_is_still_to_come",
    ),
    77: (
        "http/test_certificates.py::test_an_expired_certificate",
        "http/test_certificates.py::test_a_certificate_of_another_host",
        "http/test_certificates.py::test_without_it_nobody_is_trusted",
    ),
    78: ("http/test_refused_answers.py::test_clocks_that_are_apart_are_told",),
    79: ("http/test_tokens.py::test_a_token_that_ends_in_the_middle_of_a_paging",),
    80: ("http/test_refused_answers.py::test_a_status_that_stays",),
    81: (
        "http/test_retries.py::test_the_server_says_when",
        "http/test_retries.py::test_the_server_says_nothing_sensible",
    ),
    82: ("oneroster_rest/test_completeness.py::test_a_page_that_never_comes",),
    83: (
        "http/test_refused_answers.py::test_a_body_that_breaks_off",
        "http/test_retries.py::test_a_server_that_says_nothing",
    ),
    84: (
        "http/test_refused_answers.py::test_a_page_to_log_in",
        "oneroster_rest/test_completeness.py::test_a_login_page_is_refused",
    ),
    85: ("oneroster_rest/test_completeness.py::test_with_a_total",),
    86: (
        "oneroster_rest/test_completeness.py::test_with_a_total",
        "oneroster_rest/test_completeness.py::test_it_is_pulled_anew_when_it_was_unsteady_once",
    ),
    87: ("oneroster_rest/test_completeness.py::test_a_row_that_came_while_the_list_was_read",),
    88: (
        "oneroster_rest/test_completeness.py::test_without_a_total",
        "http/test_answers.py::test_no_link_leads_elsewhere",
    ),
    89: ("http/test_refused_answers.py::test_a_body_that_unpacks_to_too_much",),
    90: (
        "http/test_certificates.py::test_a_redirect_to_http_is_not_followed",
        "http/test_redirects.py::test_a_redirect_to_another_host_is_not",
    ),
}


def test_every_item_is_here() -> None:
    assert list(REMOTE) == list(range(74, 91))


@pytest.mark.parametrize("item", REMOTE)
def test_the_item_has_its_tests(item: int) -> None:
    for place in REMOTE[item]:
        file, name = place.split("::")
        tree = ast.parse((SOURCES / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
