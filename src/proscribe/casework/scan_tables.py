"""Tables that a store derives from the bytes of scans: what can be paged, filtered and counted.

Every row follows from content that is kept under its digest. Rows are written once, when the content is first named, and only
ever added: triggers refuse anything else, and `verify` derives them again and compares. What a row leaves out (the evidence,
the record's own cells, what the law says) is read from the content itself, from byte `start` on, `size` bytes long.

Findings and mentions have a `place`: their position in the document, from 0. A finding belongs to one *group* of its
scan, all findings with the same band, firm, entity, role, site, input, outcome, product and
standing; the groups are the cube from which totals and facets are counted.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

#: Text that is ordered and compared by its code points in every database.
_BY_CODE = String(40).with_variant(String(40, collation="C"), "postgresql")

#: Content larger than one part is kept in parts, each packed by zlib, so that a piece is read without the whole.
PART_BYTES = 65_536

blob_parts = Table(
    "blob_parts",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("packed", LargeBinary, nullable=False),
)

#: `sha256` names the content; `finding_ids` is the scheme of the ids, 1 where the document does not say.
scans = Table(
    "scans",
    metadata,
    Column("scan", Integer, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("as_of", String(10), nullable=False),
    Column("finding_ids", Integer, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("mentions", Integer, nullable=False),
)

scan_inputs = Table(
    "scan_inputs",
    metadata,
    Column("scan", Integer, primary_key=True, autoincrement=False),
    Column("input", Integer, primary_key=True, autoincrement=False),
    Column("path", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("reader", Text, nullable=False),
    Column("records", BigInteger, nullable=False),
)

#: The cube of a scan. Texts are empty where the finding says nothing; `ignored` is 1 for what a layer set aside.
scan_groups = Table(
    "scan_groups",
    metadata,
    Column("scan", Integer, primary_key=True, autoincrement=False),
    Column("grp", Integer, primary_key=True, autoincrement=False),
    Column("band", String(20), nullable=False),
    Column("firm", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("role", String(40), nullable=False),
    Column("site", Text, nullable=False),
    Column("input", Integer, nullable=False),
    Column("outcome", String(40), nullable=False),
    Column("product", Text, nullable=False),
    Column("ignored", Integer, nullable=False),
    Column("count", Integer, nullable=False),
)

scan_findings = Table(
    "scan_findings",
    metadata,
    Column("scan", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("finding_id", String(80), nullable=False),
    Column("grp", Integer, nullable=False),
    Column("input", Integer, nullable=False),
    Column("sheet", Text),
    Column("row", BigInteger),
    Column("pointer", Text),
    Column("record_id", Text),
    Column("dated_on", Text),
    Column("start", BigInteger, nullable=False),
    Column("size", Integer, nullable=False),
    sqlite_with_rowid=False,
)

scan_mentions = Table(
    "scan_mentions",
    metadata,
    Column("scan", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("input", Integer, nullable=False),
    Column("sheet", Text),
    Column("row", BigInteger),
    Column("pointer", Text),
    Column("record_id", Text),
    Column("entity", Text, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("size", Integer, nullable=False),
    sqlite_with_rowid=False,
)

scan_mention_counts = Table(
    "scan_mention_counts",
    metadata,
    Column("scan", Integer, primary_key=True, autoincrement=False),
    Column("input", Integer, primary_key=True, autoincrement=False),
    Column("entity", Text, primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("count", Integer, nullable=False),
)

#: The text index: a word of a record to the places of the findings it stands in, little-endian 32-bit, rising.
scan_words = Table(
    "scan_words",
    metadata,
    Column("scan", Integer, primary_key=True, autoincrement=False),
    Column("word", _BY_CODE, primary_key=True),
    Column("places", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

Index("uq_scan_findings_id", scan_findings.c.scan, scan_findings.c.finding_id, unique=True)
Index(
    "ix_scan_mentions_kind",
    scan_mentions.c.scan,
    scan_mentions.c.entity,
    scan_mentions.c.kind,
    scan_mentions.c.place,
)

#: The tables of one scan, in the order in which they are written.
OF_SCAN = (scans, scan_inputs, scan_groups, scan_findings, scan_mentions, scan_mention_counts, scan_words)
#: Everything here only ever grows.
GUARDED = ("blob_parts", *(table.name for table in OF_SCAN))
INDEXES = ("uq_scan_findings_id", "ix_scan_mentions_kind")

# What a case holds of its scans. These repeat what events and scans add up to, and are written anew from both.

#: One row a finding of a case, in the order in which they came in. `scan` and `scan_place` name it as it was last seen, `grp`
#: its group there; runs are numbered from 0 in the order in which they were attached. `verdict` is what stands, `judged` the
#: event that says so, 0 for none.
case_findings = Table(
    "case_findings",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("finding_id", String(80), nullable=False),
    Column("scan", Integer, nullable=False),
    Column("scan_place", Integer, nullable=False),
    Column("grp", Integer, nullable=False),
    Column("aged", Integer, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("judged", BigInteger, nullable=False),
    Column("first_run", Integer, nullable=False),
    Column("last_run", Integer, nullable=False),
    Column("latest_run", Integer, nullable=False),
    sqlite_with_rowid=False,
)

#: The cube of a case: groups of its scans, split by what became of their findings in the case and by
#: the run that first showed them.
case_groups = Table(
    "case_groups",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("scan", Integer, primary_key=True, autoincrement=False),
    Column("grp", Integer, primary_key=True, autoincrement=False),
    Column("aged", Integer, primary_key=True, autoincrement=False),
    Column("verdict", String(20), primary_key=True),
    Column("first_run", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)

Index("uq_case_findings_id", case_findings.c.case_id, case_findings.c.finding_id, unique=True)
Index(
    "ix_case_findings_group",
    case_findings.c.case_id,
    case_findings.c.scan,
    case_findings.c.grp,
    case_findings.c.aged,
    case_findings.c.verdict,
    case_findings.c.first_run,
    case_findings.c.place,
)
OF_CASE = (case_findings, case_groups)
CASE_INDEXES = ("uq_case_findings_id", "ix_case_findings_group")
