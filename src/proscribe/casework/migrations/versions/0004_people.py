"""People who sign in, what they may do, their browsers and programs, and the log of who opened what.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from proscribe.casework.tables import guards

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    """Make the tables; the log only grows."""
    op.create_table(
        "accounts",
        sa.Column("number", sa.Integer, primary_key=True),
        *_text("issuer", "subject", "name", "email"),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.UniqueConstraint("issuer", "subject", name="uq_accounts_subject"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "grants",
        sa.Column("account", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("case_id", sa.String(60), primary_key=True),
        sa.Column("role", sa.String(20), nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("account", sa.Integer, nullable=False),
        *_text("person"),
        sa.Column("begun_s", sa.BigInteger, nullable=False),
        sa.Column("used_s", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])
    op.create_table(
        "tokens",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("account", sa.Integer, nullable=False),
        *_text("person", "title"),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("case_id", sa.String(60), nullable=False),
        *_text("made_by"),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("expires_on", sa.String(10), nullable=False),
        sa.Column("ended_at", sa.String(27)),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "accesses",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("account", sa.Integer, nullable=False),
        *_text("by"),
        sa.Column("what", sa.String(40), nullable=False),
        *_text("about"),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("prev_digest", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    for statement in guards(op.get_bind().dialect.name, ["accesses"], function=False):
        op.execute(sa.text(statement))
