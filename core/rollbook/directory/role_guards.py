"""What the roles on PostgreSQL are refused row by row, beyond what a grant can say.

A function looks into the tables of ``public`` and never into a temporary one of the same name,
which whoever is connected may make.
"""

from __future__ import annotations

from rollbook.roster.states import CARRIED_RULES, GIVING_RULES

_SQL = "SET search_path = pg_catalog, public, pg_temp AS $$"

_BEHIND_A_HOLD = f"""
CREATE OR REPLACE FUNCTION rollbook_behind(hold_id text)
RETURNS TABLE (kind text, verb text, record text, version bigint, "before" jsonb, "after" jsonb)
LANGUAGE sql STABLE {_SQL}
  SELECT c.kind, c.verb, c.record_id, c.before_version,
    CASE WHEN c.verb <> 'remove' THEN c.before::jsonb END,
    CASE WHEN c.verb <> 'remove' THEN c.after::jsonb END
  FROM holds h JOIN changes c ON c.run = h.run
  WHERE h.id = hold_id AND (c.verb <> 'add' OR h.rule IN ({{giving}}))
    AND (h.whole_run OR c.lane IN (
      SELECT l.lane FROM lane_holds l WHERE (l.run, l.hold) = (h.run, h.id)
    ))
$$;
"""

_APPROVALS_OF_A_HOLD = f"""
CREATE OR REPLACE FUNCTION rollbook_approvers(hold_id text) RETURNS bigint
LANGUAGE sql STABLE {_SQL}
  WITH RECURSIVE lineage (id, carried_from, scope) AS (
    SELECT id, carried_from, ROW(district, rule, kind, verb, school, role, whole_run)::text
    FROM holds WHERE holds.id = hold_id
    UNION
    SELECT older.id, older.carried_from, lineage.scope
    FROM lineage JOIN holds older ON older.id = lineage.carried_from
    JOIN runs ON runs.id = older.run AND runs.state = 'SUPERSEDED'
    WHERE older.rule IN ({{carried}}) AND lineage.scope = ROW(
      older.district, older.rule, older.kind, older.verb, older.school, older.role, older.whole_run
    )::text AND NOT EXISTS (
      SELECT * FROM rollbook_behind(lineage.id) EXCEPT SELECT * FROM rollbook_behind(older.id)
    )
  )
  SELECT count(DISTINCT who) FROM approvals
  WHERE hold IN (SELECT id FROM lineage) AND consumed_in IS NULL
    AND NOT EXISTS (
      SELECT FROM voided_approvals voided
      WHERE (voided.hold, voided.who, voided.at) = (approvals.hold, approvals.who, approvals.at)
    )
$$;
"""

_REFUSES = "USING ERRCODE = 'insufficient_privilege'"

_HOLDS = f"""
CREATE OR REPLACE FUNCTION rollbook_holds_need_approval() RETURNS trigger
LANGUAGE plpgsql {_SQL}
DECLARE given bigint;
BEGIN
  IF OLD.state NOT IN ('OPEN', 'SNOOZED') AND NOT (OLD.state = 'APPROVED' AND NEW.state = 'OPEN')
     AND ROW(NEW.state, NEW.decided_at, NEW.decided_by, NEW.reason, NEW.carried_from)
     IS DISTINCT FROM ROW(OLD.state, OLD.decided_at, OLD.decided_by, OLD.reason, OLD.carried_from)
  THEN
    RAISE EXCEPTION 'hold % is decided about', NEW.id {_REFUSES};
  END IF;
  IF NEW.carried_from IS DISTINCT FROM OLD.carried_from AND NOT EXISTS (
    SELECT FROM holds older JOIN runs theirs ON theirs.id = older.run JOIN runs own
      ON (own.id, own.district) = (NEW.run, theirs.district) AND own.number > theirs.number
    WHERE older.id = NEW.carried_from
  ) THEN
    RAISE EXCEPTION 'hold % carries over from no earlier one', NEW.id {_REFUSES};
  END IF;
  IF NEW.state = 'APPROVED' AND OLD.state <> 'APPROVED' THEN
    given := rollbook_approvers(NEW.id);
    IF given = 0 OR (given < NEW.approvers AND NOT NEW.single_operator) THEN
      RAISE EXCEPTION 'hold % has % of the approvals that it wants', NEW.id, given {_REFUSES};
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER holds_need_approval BEFORE UPDATE ON holds
  FOR EACH ROW EXECUTE FUNCTION rollbook_holds_need_approval();
"""

_APPROVALS = f"""
CREATE OR REPLACE FUNCTION rollbook_approvals_stay() RETURNS trigger
LANGUAGE plpgsql {_SQL}
BEGIN
  IF NEW.consumed_in IS NOT NULL AND (NEW.digest, NEW.generation, NEW.confirmed, NEW.times,
      NEW.reason, NEW.at, NEW.expires_at) IS DISTINCT FROM (OLD.digest, OLD.generation,
      OLD.confirmed, OLD.times, OLD.reason, OLD.at, OLD.expires_at) THEN
    RAISE EXCEPTION 'an approval that is used stays as it was given' {_REFUSES};
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER approvals_stay BEFORE UPDATE ON approvals
  FOR EACH ROW EXECUTE FUNCTION rollbook_approvals_stay();
"""

_PLANS = f"""
CREATE OR REPLACE FUNCTION rollbook_agreements_stay() RETURNS trigger
LANGUAGE plpgsql {_SQL}
BEGIN
  IF NEW.ended_at IS NOT NULL
     AND (NEW.agreed_by, NEW.agreed_at) IS DISTINCT FROM (OLD.agreed_by, OLD.agreed_at) THEN
    RAISE EXCEPTION 'whoever ends plan % does not agree to it', NEW.id {_REFUSES};
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER agreements_stay BEFORE UPDATE ON expected_plans
  FOR EACH ROW EXECUTE FUNCTION rollbook_agreements_stay();
"""

_RUNS = f"""
CREATE OR REPLACE FUNCTION rollbook_runs_go_on() RETURNS trigger
LANGUAGE plpgsql {_SQL}
BEGIN
  IF OLD.state NOT IN ('FETCHING', 'STAGED', 'PLANNED', 'READY', 'HELD', 'APPLYING')
     OR (OLD.state IN ('READY', 'HELD', 'APPLYING')
         AND NEW.state IN ('FETCHING', 'STAGED', 'PLANNED')) THEN
    RAISE EXCEPTION 'run % is already %', NEW.id, OLD.state {_REFUSES};
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER runs_go_on BEFORE UPDATE ON runs
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION rollbook_runs_go_on();
"""

_SAVED = f"""
CREATE OR REPLACE FUNCTION rollbook_saved_whole() RETURNS trigger
LANGUAGE plpgsql {_SQL}
BEGIN
  IF NOT EXISTS (
    SELECT FROM runs WHERE id = NEW.run AND state IN ('FETCHING', 'STAGED', 'PLANNED')
  ) THEN
    RAISE EXCEPTION 'the changeset of run % is saved', NEW.run {_REFUSES};
  END IF;
  RETURN NEW;
END $$;
"""
"""What a run has no lane for, and no number, does not go in with it."""

_COUNTED = ("lanes", "lane_counts", "account_counts")

_AUDIT = f"""
CREATE OR REPLACE FUNCTION rollbook_audit_goes_on() RETURNS trigger
LANGUAGE plpgsql {_SQL}
DECLARE
  last record;
  entry text;
BEGIN
  SELECT seq, hash INTO last FROM audit ORDER BY seq DESC LIMIT 1;
  entry := concat('[', concat_ws(',',
    to_json(coalesce(last.hash, repeat('0', 64))), coalesce(last.seq, 0) + 1,
    to_json(to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')),
    to_json(NEW.who), to_json(NEW.event), coalesce(to_json(NEW.district), 'null'),
    coalesce(to_json(NEW.subject), 'null'), to_json(NEW.body)), ']');
  IF NEW.seq <> coalesce(last.seq, 0) + 1 OR NEW.previous <> coalesce(last.hash, repeat('0', 64))
     OR NEW.hash <> encode(sha256(convert_to(entry, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'entry % does not go on from the last of the trail', NEW.seq {_REFUSES};
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER audit_goes_on BEFORE INSERT ON audit
  FOR EACH ROW EXECUTE FUNCTION rollbook_audit_goes_on();
"""
"""The same hash as that of ``audit.entry_hash``."""


def guards() -> list[str]:
    """The statements that make the functions and the triggers, the same however often."""
    saved = [
        f"CREATE OR REPLACE TRIGGER {table}_saved_whole BEFORE INSERT ON {table}\n"
        "  FOR EACH ROW EXECUTE FUNCTION rollbook_saved_whole();"
        for table in _COUNTED
    ]
    made = (
        _BEHIND_A_HOLD.format(giving=_listed(GIVING_RULES)),
        _APPROVALS_OF_A_HOLD.format(carried=_listed(CARRIED_RULES)),
        *(_HOLDS, _APPROVALS, _PLANS, _RUNS, _SAVED, *saved, _AUDIT),
    )
    return [statement.strip() for statement in made]


def _listed(rules: frozenset[str]) -> str:
    return ", ".join(f"'{rule}'" for rule in sorted(rules))
