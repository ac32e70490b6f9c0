"""The SQL that makes the three roles on PostgreSQL, with what each may do.

An administrator runs it: making a role takes rights that rollbook itself should not have. It may be
run again at any time, and has to be after an upgrade.

Approvals, holds and the audit trail are guarded row by row: who approves does it in the own name,
and a hold cannot be made an approved one without as many approvals as it wants, its own or those of
the hold of the same scope that a newer file has overtaken, where that one held as much. An
expected-change plan is proposed by one person and agreed to by one who may approve, each in the own
name.
"""

from __future__ import annotations

from rollbook.directory.role_guards import guards
from rollbook.directory.tables import metadata

_GUARDED = ("approvals", "audit", "expected_plans", "holds", "lanes")
"""Tables whose grants are told column by column or role by role."""

_ADDED_TO = (
    *("changes", "findings", "lane_counts", "lane_holds", "policy_changes"),
    *("voided_approvals", "account_changes", "account_counts", "account_names"),
    "student_fact_changes",
)
"""Tables in which what was written once stays as it was written."""

_ROLES = """
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['rollbook_viewer', 'rollbook_operator', 'rollbook_approver'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
    END IF;
  END LOOP;
END $$;
GRANT rollbook_viewer TO rollbook_operator;
GRANT rollbook_operator TO rollbook_approver;
"""

_GRANTS = """
REVOKE ALL ON ALL TABLES IN SCHEMA public
  FROM PUBLIC, rollbook_viewer, rollbook_operator, rollbook_approver;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO rollbook_viewer;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO rollbook_viewer;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO rollbook_operator;
GRANT INSERT, UPDATE ON {written} TO rollbook_operator;
GRANT INSERT ON {added_to} TO rollbook_operator;
GRANT DELETE ON account_waiting, alarms, checklist_ticks, fingerprint_bases, fingerprint_formats,
  slots TO rollbook_operator;
GRANT DELETE ON former_students, grade_moves, grade_years TO rollbook_operator;
GRANT INSERT ON audit, expected_plans, holds, lanes TO rollbook_operator;
GRANT UPDATE (applied_in, applied_at) ON lanes TO rollbook_operator;
GRANT UPDATE (applied_in) ON student_fact_changes TO rollbook_operator;
GRANT UPDATE (state, snoozed_until, decided_at, decided_by, reason, carried_from)
  ON holds TO rollbook_operator;
GRANT UPDATE (consumed_in) ON approvals TO rollbook_operator;
GRANT UPDATE (ended_by, ended_at) ON expected_plans TO rollbook_operator;
GRANT UPDATE (agreed_by, agreed_at) ON expected_plans TO rollbook_approver;
GRANT INSERT ON approvals TO rollbook_approver;
GRANT UPDATE (digest, generation, confirmed, reason, at, expires_at, times)
  ON approvals TO rollbook_approver;
"""

_LOCKS = """
DO $$
DECLARE
  owner text := (SELECT relowner::regrole FROM pg_class WHERE oid = 'public.audit'::regclass);
  lock text;
BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    RAISE WARNING 'Who is no superuser cannot keep viewers from the locks that writers wait for.';
    RETURN;
  END IF;
  FOR lock IN SELECT oid::regprocedure FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
    AND proname ~ '^pg_(try_)?advisory_(xact_)?lock'
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', lock);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO rollbook_operator, %s', lock, owner);
  END LOOP;
END $$;
"""

_OWNED = """
DO $$
DECLARE
  owner text := (SELECT relowner::regrole FROM pg_class WHERE oid = 'public.audit'::regclass);
  made text;
BEGIN
  FOR made IN SELECT oid::regprocedure FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND starts_with(proname, 'rollbook_')
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO %s', made, owner);
  END LOOP;
END $$;
"""
"""Whoever has run the script, the owner of the tables may run it again."""

_NO_OLD_POLICIES = """
DO $$
DECLARE old record;
BEGIN
  FOR old IN SELECT policyname, tablename FROM pg_policies
    WHERE schemaname = 'public' AND starts_with(policyname, 'rollbook_')
  LOOP
    EXECUTE format('DROP POLICY %I ON public.%I', old.policyname, old.tablename);
  END LOOP;
END $$;
"""
"""One that an older rollbook made would let through what it let through then."""

_POLICIES: dict[str, dict[str, str]] = {
    "audit": {
        "seen": "FOR SELECT TO rollbook_viewer USING (true)",
        "written": "FOR INSERT TO rollbook_operator WITH CHECK (who = session_user)",
    },
    "approvals": {
        "seen": "FOR SELECT TO rollbook_viewer USING (true)",
        "given": "FOR INSERT TO rollbook_approver "
        "WITH CHECK (who = session_user AND consumed_in IS NULL)",
        "given_again": "FOR UPDATE TO rollbook_approver USING (who = session_user) "
        "WITH CHECK (who = session_user AND consumed_in IS NULL)",
        "spent": "FOR UPDATE TO rollbook_operator USING (consumed_in IS NULL) "
        "WITH CHECK (consumed_in IS NOT NULL)",
    },
    "expected_plans": {
        "seen": "FOR SELECT TO rollbook_viewer USING (true)",
        "proposed": "FOR INSERT TO rollbook_operator "
        "WITH CHECK (created_by = session_user "
        "AND COALESCE(agreed_by, ended_by) IS NULL AND COALESCE(agreed_at, ended_at) IS NULL)",
        "agreed": "FOR UPDATE TO rollbook_approver USING (agreed_at IS NULL AND ended_at IS NULL) "
        "WITH CHECK (agreed_by = session_user AND agreed_at IS NOT NULL "
        "AND ended_by IS NULL AND ended_at IS NULL)",
        "ended": "FOR UPDATE TO rollbook_operator USING (ended_at IS NULL) "
        "WITH CHECK (ended_by = session_user AND ended_at IS NOT NULL)",
    },
    "holds": {
        "seen": "FOR SELECT TO rollbook_viewer USING (true)",
        "raised": "FOR INSERT TO rollbook_operator "
        "WITH CHECK (state = 'OPEN' AND decided_by IS NULL AND carried_from IS NULL)",
        "decided": "FOR UPDATE TO rollbook_operator USING (true) WITH CHECK ("
        "decided_by = session_user OR (decided_by IS NULL AND state IN ('OPEN', 'SNOOZED')))",
    },
    "policy_changes": {
        "seen": "FOR SELECT TO rollbook_viewer USING (true)",
        "noted": "FOR INSERT TO rollbook_operator WITH CHECK (seen_by = session_user)",
    },
}


def role_script() -> str:
    """The whole script, for ``psql``: one transaction, the same however often it is run."""
    written = sorted(name for name in metadata.tables if name not in (*_GUARDED, *_ADDED_TO))
    parts = [
        "-- The roles of rollbook and what each may do. To be run by the owner of its tables, with",
        "-- the right to make roles: rollbook roles | psql -v ON_ERROR_STOP=1 DATABASE",
        "BEGIN;",
        _ROLES.strip(),
        _GRANTS.strip().format(written=", ".join(written), added_to=", ".join(_ADDED_TO)),
        _LOCKS.strip(),
        _NO_OLD_POLICIES.strip(),
    ]
    for table, policies in _POLICIES.items():
        parts.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;")
        for name, rule in policies.items():
            parts.append(f"CREATE POLICY rollbook_{name} ON {table} {rule};")
    return "\n".join([*parts, *guards(), _OWNED.strip(), "COMMIT;", ""])
