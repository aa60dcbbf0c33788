"""Say where a job failed.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the place; of jobs that failed before it stands with the words of why."""
    op.add_column("jobs", sa.Column("error_at", sa.Text, nullable=False, server_default=""))
