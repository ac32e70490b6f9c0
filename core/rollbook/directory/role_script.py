"""The SQL that makes the three roles on PostgreSQL, with what each may do.

An administrator runs it: making a role takes rights that rollbook itself should not have. It may be
run again at any time, and has to be after an upgrade.

Approvals, holds and the audit trail are guarded row by row: who approves does it in the own name,
and a hold cannot be made an approved one without as many approvals as it wants, its own or those of
the hold of the same scope that a newer file has overtaken. An expected-change
plan is proposed by one person and agreed to by one who may approve, each in the own name.
"""

from __future__ import annotations

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

_APPROVALS_OF_A_HOLD = """
CREATE OR REPLACE FUNCTION rollbook_approvers(hold_id text) RETURNS bigint
LANGUAGE sql STABLE SET search_path = public AS $$
  WITH RECURSIVE lineage (id, carried_from, scope) AS (
    SELECT id, carried_from, ROW(district, rule, kind, verb, school, role, whole_run)::text
    FROM holds WHERE holds.id = hold_id
    UNION
    SELECT older.id, older.carried_from, lineage.scope
    FROM lineage JOIN holds older ON older.id = lineage.carried_from
    JOIN runs ON runs.id = older.run AND runs.state = 'SUPERSEDED'
    WHERE lineage.scope = ROW(
      older.district, older.rule, older.kind, older.verb, older.school, older.role, older.whole_run
    )::text
  )
  SELECT count(DISTINCT who) FROM approvals
  WHERE hold IN (SELECT id FROM lineage) AND consumed_in IS NULL
    AND NOT EXISTS (
      SELECT FROM voided_approvals voided
      WHERE (voided.hold, voided.who, voided.at) = (approvals.hold, approvals.who, approvals.at)
    )
$$;
"""

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
        "WITH CHECK (created_by = session_user AND agreed_by IS NULL)",
        "changed": "FOR UPDATE TO rollbook_operator USING (true) "
        "WITH CHECK (session_user IN (agreed_by, ended_by))",
    },
    "holds": {
        "seen": "FOR SELECT TO rollbook_viewer USING (true)",
        "raised": "FOR INSERT TO rollbook_operator WITH CHECK (state <> 'APPROVED')",
        "decided": "FOR UPDATE TO rollbook_operator USING (true) WITH CHECK ("
        "decided_by IS NULL OR decided_by = session_user OR state NOT IN ('APPROVED', 'REJECTED'))",
    },
}

_ENOUGH_APPROVALS = """
CREATE OR REPLACE FUNCTION rollbook_holds_need_approval() RETURNS trigger
LANGUAGE plpgsql SET search_path = public AS $$
DECLARE given bigint := rollbook_approvers(NEW.id);
BEGIN
  IF NEW.state = 'APPROVED' AND OLD.state <> 'APPROVED'
     AND (given = 0 OR (given < NEW.approvers AND NOT NEW.single_operator)) THEN
    RAISE EXCEPTION 'hold % has % of the approvals that it wants', NEW.id, given
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER holds_need_approval BEFORE UPDATE ON holds
  FOR EACH ROW EXECUTE FUNCTION rollbook_holds_need_approval();
"""


def role_script() -> str:
    """The whole script, for ``psql``: one transaction, the same however often it is run."""
    written = sorted(name for name in metadata.tables if name not in (*_GUARDED, *_ADDED_TO))
    parts = [
        "-- The roles of rollbook and what each may do. To be run by the owner of its tables, with",
        "-- the right to make roles: rollbook roles | psql -v ON_ERROR_STOP=1 DATABASE",
        "BEGIN;",
        _ROLES.strip(),
        _GRANTS.strip().format(written=", ".join(written), added_to=", ".join(_ADDED_TO)),
        _APPROVALS_OF_A_HOLD.strip(),
    ]
    for table, policies in _POLICIES.items():
        parts.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;")
        for name, rule in policies.items():
            parts.append(f"DROP POLICY IF EXISTS rollbook_{name} ON {table};")
            parts.append(f"CREATE POLICY rollbook_{name} ON {table} {rule};")
    return "\n".join([*parts, _ENOUGH_APPROVALS.strip(), "COMMIT;", ""])
