"""Whether a district's accounts are as they should be for as long as its roster stays the same.

Little is imported: most nights of most districts end with this.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.directory import accounts
from rollbook.runs.pauses import local_date


def accounts_settled(connection: Connection, district: District, at: datetime) -> bool:
    """Whether deriving the accounts of an unchanged roster again would find nothing."""
    if district.accounts is None:
        return True
    from rollbook.runs.account_basis import basis_now

    today = local_date(at, district.timezone)
    basis = basis_now(connection, district, district.accounts, today)
    if accounts.basis_of(connection, district.id) != basis.text:
        return False
    return not accounts.to_suspend(connection, district.id, today)
