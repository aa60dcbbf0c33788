"""Count findings by product, too.

Revision ID: 0007

The table of groups is made anew as it is today, and filled by the store that opens, in the same transaction.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from proscribe.casework import changes
from proscribe.casework.scan_tables import scan_groups
from proscribe.casework.tables import guards

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of groups anew, with its triggers."""
    conn = op.get_bind()
    op.drop_table("scan_groups")
    scan_groups.create(conn)
    statements = guards(conn.dialect.name, ["scan_groups"], function=False)
    if conn.dialect.name == "postgresql":
        statements += changes.statements(table=False)
    for statement in statements:
        op.execute(sa.text(statement))
