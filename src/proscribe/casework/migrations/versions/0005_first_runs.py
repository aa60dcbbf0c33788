"""Count findings of cases by the run that first showed them, too.

Revision ID: 0005

The table repeats what others hold, so that it is made anew as it is today. A migration that changes it once more does the same;
one that changes `case_findings` has to write the columns out here first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from proscribe.casework.scan_tables import case_findings, case_groups

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of groups anew from the findings, and the index that leads through a group."""
    conn = op.get_bind()
    op.drop_table("case_groups")
    case_groups.create(conn)
    names = [one.name for one in case_groups.columns]
    keys = [case_findings.c[name] for name in names if name != "count"]
    counted = sa.select(*keys, sa.func.count()).group_by(*keys)
    conn.execute(case_groups.insert().from_select(names, counted))
    op.drop_index("ix_case_findings_group", "case_findings")
    (index,) = (one for one in case_findings.indexes if one.name == "ix_case_findings_group")
    index.create(conn)
