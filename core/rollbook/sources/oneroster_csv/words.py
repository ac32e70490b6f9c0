"""The words that OneRoster CSV allows, 1.1 and 1.2 together.

The versions differ little, exports mix them, and reading a word of the other version does no
harm. Words of a source's own begin with ``ext:`` (1.2) and are taken as they are.
"""

from __future__ import annotations

ORG_TYPES = frozenset({"department", "school", "district", "local", "state", "national"})

SESSION_TYPES = frozenset({"gradingPeriod", "semester", "schoolYear", "term"})

CLASS_TYPES = frozenset({"homeroom", "scheduled"})

ROLES = frozenset(
    {
        "administrator",
        "aide",
        "counselor",
        "districtAdministrator",
        "guardian",
        "parent",
        "principal",
        "proctor",
        "relative",
        "siteAdministrator",
        "student",
        "systemAdministrator",
        "teacher",
    }
)

ROLE_TYPES = frozenset({"primary", "secondary"})

ENROLLMENT_ROLES = frozenset(
    {"administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher"}
)
"""The last four of 1.0, which sets of today still hold, beside the four of 1.1 and 1.2."""

SEXES = frozenset({"female", "male", "other", "unspecified"})

EXTENSION_PREFIX = "ext:"

PLACEHOLDERS = frozenset({"NULL", "null", "N/A", "n/a", "#N/A", "-"})
"""What exports write where they have nothing. ``Null`` is not among them: people are called so."""
