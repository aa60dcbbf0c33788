"""Tables of scans; what a case holds of its findings is counted from them.

Revision ID: 0002

The tables are filled by the store that opens, in the same transaction (`Store.rebuild_in`). A migration that changes one of
them has to write its columns out here first, as 0001 does.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from proscribe.casework import scan_tables
from proscribe.casework.tables import guards

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, with triggers on those that only grow; drop the copies of findings
    in cases."""
    conn = op.get_bind()
    made = (scan_tables.blob_parts, *scan_tables.OF_SCAN, *scan_tables.OF_CASE)
    for table in made:
        table.create(conn)
    op.drop_table("support")
    op.drop_table("runs")
    op.create_table(
        "runs",
        sa.Column("case_id", sa.String(60), primary_key=True),
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("scan_sha256", sa.String(64), nullable=False),
        sa.Column("event_seq", sa.BigInteger, nullable=False),
        sa.Column("findings_inside", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
    )
    for statement in guards(conn.dialect.name, scan_tables.GUARDED, function=False):
        op.execute(sa.text(statement))
