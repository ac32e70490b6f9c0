"""A changeset without changes, without what is needed to look at changes."""

from __future__ import annotations

import hashlib

DIGEST_FORMAT = "rollbook changeset 1"

NO_DIGEST = f"sha256:{hashlib.sha256(DIGEST_FORMAT.encode()).hexdigest()}"
"""The digest of no changes."""

NO_CONSEQUENCES = dict.fromkeys(
    (
        *("account_create", "rename", "move", "suspend", "reactivate", "delete", "regroup"),
        *("leave", "notice"),
    ),
    0,
)
"""What no changes make happen."""
