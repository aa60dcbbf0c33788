"""PostgreSQL counts the transactions that change what a case is read from.

Revision ID: 0006

The tables are counted that there are today. A migration that adds one, or makes one anew, runs these statements again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from proscribe.casework import changes

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table that counts, and its triggers; SQLite counts by itself."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in changes.statements():
            op.execute(sa.text(statement))
