"""What all accounts of a district hang on beside the people themselves.

An unchanged night asks for it: nothing is imported that compares.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from rollbook.accounts.rules import role_rules
from rollbook.config.accounts import Accounts
from rollbook.config.district import District
from rollbook.runs.account_year import Years, years_now


@dataclass(frozen=True, slots=True)
class Basis:
    """What all accounts hang on beside the people themselves: policy, ladder and school year.

    ``years`` is ``None`` where no template asks for the graduation year.
    """

    text: str
    years: Years | None


def basis_now(connection: Connection, district: District, accounts: Accounts, today: date) -> Basis:
    """The basis of a district's accounts under a policy, as the directory is."""
    years = years_now(connection, district, today) if wants_years(accounts) else None
    return basis_by(district, accounts, years)


def wants_years(accounts: Accounts) -> bool:
    """Whether a template of a policy asks for the graduation year."""
    return "grad" in parts_of_roles(accounts)


def parts_of_roles(accounts: Accounts) -> frozenset[str]:
    """The parts that the templates of all roles of a policy name."""
    return frozenset().union(*(role.parts for role in role_rules(accounts).values()))


def basis_by(district: District, accounts: Accounts, years: Years | None) -> Basis:
    """The basis under a policy, in some years."""
    return Basis(f"{policy_digest(district, accounts)}:{years.basis if years else ''}", years)


def policy_digest(district: District, accounts: Accounts) -> str:
    """A digest of all in a district's file that decides what accounts are to be."""
    grades = json.dumps(district.grades.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(f"{accounts.revision()} {grades}".encode()).hexdigest()[:16]


def by_this_policy(district: District, basis: str | None) -> bool:
    """Whether the accounts of a run with this basis were derived by the policy that is in force."""
    if district.accounts is None:
        return basis is None
    # The school year stands behind the policy: the same input has the same.
    policy, _, _ = (basis or "").partition(":")
    return policy == policy_digest(district, district.accounts)
