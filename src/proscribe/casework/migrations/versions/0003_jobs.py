"""The table of jobs.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of jobs."""
    op.create_table(
        "jobs",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("arguments", "originals", "progress", "created_by")
        ),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("cancel_asked", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lease_owner", sa.Text, nullable=False, server_default=""),
        sa.Column("lease_until", sa.String(27)),
        sa.Column("heartbeat_at", sa.String(27)),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("result_name", sa.Text, nullable=False, server_default=""),
        sa.Column("result_sha256", sa.String(64), nullable=False, server_default=""),
        sa.Column("result_size", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("error_code", sa.String(8), nullable=False, server_default=""),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
        sa.Column("started_at", sa.String(27)),
        sa.Column("ended_at", sa.String(27)),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_state", "jobs", ["state", "number"])
