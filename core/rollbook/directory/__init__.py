"""The store: tables, migrations, records, apply, history and the audit trail."""
