"""The first tables.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from proscribe.casework.tables import guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and the triggers that keep the chain append-only."""
    op.create_table(
        "meta",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "head",
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("cases", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("case_id", sa.String(60), nullable=False),
        sa.Column("case_seq", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("stated_at", sa.String(27)),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("prev_digest", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.UniqueConstraint("case_id", "case_seq", name="uq_events_case"),
    )
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.String(60), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("assignee", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("opened_at", sa.String(27), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
    )
    for name, columns in _OF_CASE.items():
        op.create_table(
            name,
            sa.Column("case_id", sa.String(60), primary_key=True),
            sa.Column("id", sa.String(120), primary_key=True),
            *(sa.Column(column, kind, nullable=nullable) for column, kind, nullable in columns),
            sa.Column("data", sa.Text, nullable=False),
        )
    op.create_index("ix_deadlines_status", "deadlines", ["status", "due_at"])
    op.create_index("ix_judgements_finding", "judgements", ["finding_id"])
    op.create_index("uq_documents_number", "documents", ["number"], unique=True)
    for statement in guards(op.get_bind().dialect.name):
        op.execute(sa.text(statement))


_OF_CASE: dict[str, list[tuple[str, sa.types.TypeEngine[str] | sa.types.TypeEngine[int], bool]]] = {
    "runs": [("scan_sha256", sa.String(64), False)],
    "support": [("last_seen", sa.String(10), False), ("aged", sa.Integer(), False)],
    "judgements": [("finding_id", sa.String(80), False), ("verdict", sa.String(20), False)],
    "determinations": [("version", sa.Integer(), False), ("outcome", sa.String(40), False)],
    "deadlines": [("due_at", sa.String(40), False), ("status", sa.String(20), False)],
    "documents": [
        ("type", sa.String(60), False),
        ("version", sa.Integer(), False),
        ("number", sa.String(80), True),
    ],
    "waivers": [("status", sa.String(20), False), ("valid_to", sa.String(10), True)],
    "declarations": [
        ("supplier", sa.Text(), False),
        ("status", sa.String(20), False),
        ("expires_on", sa.String(10), True),
    ],
    "notes": [],
}
