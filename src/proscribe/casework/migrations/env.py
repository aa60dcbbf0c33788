"""What Alembic runs: the migrations go through the connection, and in the transaction, of the store that opens."""

from __future__ import annotations

from alembic import context

from proscribe.casework.scan_tables import metadata

connection = context.config.attributes["connection"]
# SQLite can change tables inside a transaction; Alembic does not assume so by itself.
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
