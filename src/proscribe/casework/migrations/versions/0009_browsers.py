"""Say in which browser somebody is signed in.

Revision ID: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the words; of sessions that began before it is not known."""
    op.add_column("sessions", sa.Column("browser", sa.Text, nullable=False, server_default=""))
