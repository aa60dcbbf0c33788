"""The tables of a store: one model for SQLite and PostgreSQL.

`events` and `blobs` are the truth and only ever grow: triggers refuse anything else. `head` repeats where the chain ends.
The tables of `scan_tables` are derived from the content of scans. The other tables repeat what the events add up to, as
canonical JSON with a few columns for searching; they can be built again from the events at any time.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from proscribe.casework import scan_tables
from proscribe.casework.scan_tables import metadata as metadata

#: Revision of the newest migration; a store at this revision is opened without Alembic.
REVISION = "0009"

meta = Table(
    "meta",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

#: One row: `place` is always 1. Writers lock it first, so that events get their numbers one after the other.
head = Table(
    "head",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("cases", BigInteger, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", String(60), nullable=False),
    Column("case_seq", Integer, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("at", String(27), nullable=False),
    Column("stated_at", String(27)),
    Column("by", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("prev_digest", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    UniqueConstraint("case_id", "case_seq", name="uq_events_case"),
)

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("assignee", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("opened_at", String(27), nullable=False),
    Column("data", Text, nullable=False),
)


def _of_case(name: str, *columns: Column[str] | Column[int]) -> Table:
    """Make a table of records that belong to a case."""
    return Table(
        name,
        metadata,
        Column("case_id", String(60), primary_key=True),
        Column("id", String(120), primary_key=True),
        *columns,
        Column("data", Text, nullable=False),
    )


#: `findings_inside` is 1 where the event holds the findings themselves, as events of the first release do.
runs = _of_case(
    "runs",
    Column("scan_sha256", String(64), nullable=False),
    Column("event_seq", BigInteger, nullable=False),
    Column("findings_inside", Integer, nullable=False),
)
#: `finding_id` is empty for a judgement of many findings at once.
judgements = _of_case(
    "judgements",
    Column("finding_id", String(80), nullable=False),
    Column("verdict", String(20), nullable=False),
)
determinations = _of_case(
    "determinations",
    Column("version", Integer, nullable=False),
    Column("outcome", String(40), nullable=False),
)
deadlines = _of_case(
    "deadlines",
    Column("due_at", String(40), nullable=False),
    Column("status", String(20), nullable=False),
)
documents = _of_case(
    "documents",
    Column("type", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("number", String(80)),
)
waivers = _of_case(
    "waivers",
    Column("status", String(20), nullable=False),
    Column("valid_to", String(10)),
)
declarations = _of_case(
    "declarations",
    Column("supplier", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("expires_on", String(10)),
)
notes = _of_case("notes")

#: Work for workers; no part of the evidence. Instants as in `events`; the rest of a job is JSON.
jobs = Table(
    "jobs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(12), nullable=False),
    Column("arguments", Text, nullable=False),
    Column("originals", Text, nullable=False),
    Column("progress", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("cancel_asked", Integer, nullable=False, server_default="0"),
    Column("lease_owner", Text, nullable=False, server_default=""),
    Column("lease_until", String(27)),
    Column("heartbeat_at", String(27)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("result_name", Text, nullable=False, server_default=""),
    Column("result_sha256", String(64), nullable=False, server_default=""),
    Column("result_size", BigInteger, nullable=False, server_default="0"),
    Column("error_code", String(8), nullable=False, server_default=""),
    Column("error", Text, nullable=False, server_default=""),
    Column("error_at", Text, nullable=False, server_default=""),
    Column("started_at", String(27)),
    Column("ended_at", String(27)),
    sqlite_autoincrement=True,
)

#: Who signs in to a workbench of a team; `name` is what stands with what they do, and never changes.
accounts = Table(
    "accounts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("made_at", String(27), nullable=False),
    UniqueConstraint("issuer", "subject", name="uq_accounts_subject"),
    sqlite_autoincrement=True,
)
#: What an account may do: in a case, or in the whole store where `case_id` is empty.
grants = Table(
    "grants",
    metadata,
    Column("account", Integer, primary_key=True, autoincrement=False),
    Column("case_id", String(60), primary_key=True),
    Column("role", String(20), nullable=False),
)
#: Browsers; seconds since 1970. An id is known by its digest alone. `account` is 0 on somebody's own machine.
sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account", Integer, nullable=False),
    Column("person", Text, nullable=False),
    Column("begun_s", BigInteger, nullable=False),
    Column("used_s", BigInteger, nullable=False),
    Column("browser", Text, nullable=False, server_default=""),
)
#: What programs sign in with; a token is known by its digest alone.
tokens = Table(
    "tokens",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("account", Integer, nullable=False),
    Column("person", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("case_id", String(60), nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", String(27), nullable=False),
    Column("expires_on", String(10), nullable=False),
    Column("ended_at", String(27)),
    sqlite_autoincrement=True,
)
#: Who opened what: a chain of its own, whose end stands in `meta`.
accesses = Table(
    "accesses",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),
    Column("account", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("what", String(40), nullable=False),
    Column("about", Text, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("prev_digest", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)

Index("ix_sessions_account", sessions.c.account)
Index("ix_jobs_state", jobs.c.state, jobs.c.number)
Index("ix_deadlines_status", deadlines.c.status, deadlines.c.due_at)
Index("ix_judgements_finding", judgements.c.finding_id)
Index("uq_documents_number", documents.c.number, unique=True)

#: Tables that repeat what the events add up to.
REPEATED = (
    cases, determinations, deadlines, documents, waivers, declarations, notes,
)  # fmt: skip
#: Those with one row an event, which are changed by each event as it is written.
BY_EVENT = (runs, judgements)

#: The tables of the truth.
TRUTH = ("events", "blobs")
#: Tables that only ever grow: triggers see to it.
GUARDED = (*TRUTH, *scan_tables.GUARDED, "accesses")
_FUNCTION = (
    "CREATE FUNCTION proscribe_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the table % is append-only', TG_TABLE_NAME; END $$"
)
#: Puts the function back as it was.
FUNCTION_AGAIN = _FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


def guards(dialect: str, names: Iterable[str] = TRUTH, *, function: bool = True) -> list[str]:
    """Give the statements that make tables append-only.

    Args:
        names: the tables.
        function: whether PostgreSQL has to be given the function that the triggers call.
    """
    statements: list[str] = []
    if dialect == "postgresql":
        if function:
            statements.append(_FUNCTION)
        for table in names:
            statements.append(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION proscribe_append_only()"
            )
            statements.append(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION proscribe_append_only()"
            )
        return statements
    for table in names:
        for verb in ("UPDATE", "DELETE"):
            statements.append(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the table {table} is append-only'); END"
            )
    return statements


#: What those triggers are, by database: `verify` looks whether each is still there and still does what it did. In SQLite
#: name to statement; in PostgreSQL name to `tgtype` (row 1, before 2, delete 8, update 16, truncate 32).
SQLITE_GUARDS = {statement.split()[2]: statement for statement in guards("sqlite", GUARDED)}
POSTGRESQL_GUARDS = {
    f"{table}_{what}": kind
    for table in GUARDED
    for what, kind in (("append_only", 1 + 2 + 8 + 16), ("no_truncate", 2 + 32))
}
#: Body of the function that the triggers of PostgreSQL call.
POSTGRESQL_BODY = _FUNCTION.split("$$")[1]
#: Indexes that keep two reports from one number, and two events from one place.
INDEXES = (
    "ix_deadlines_status", "ix_judgements_finding", "uq_documents_number", *scan_tables.INDEXES,
    *scan_tables.CASE_INDEXES,
)  # fmt: skip
