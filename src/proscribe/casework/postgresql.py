"""A connection to PostgreSQL that asks a question in one message and keeps what it asked ready for the next time.

`pg8000` sends each statement in three turns, has the server read and plan it each time, and begins a transaction in a turn of its
own. A page of the workbench asks some thirty questions, and waiting, reading and planning were most of what they cost.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pg8000 import dbapi
from pg8000.converters import make_params
from pg8000.core import EXECUTE_MSG, IDLE, IN_TRANSACTION, SYNC_MSG, Context, H_pack, _flush, _write, i_pack

#: Statements that a connection keeps ready. Each takes some ten thousand bytes of the server.
_MOST_READY = 150
#: Bytes that are taken from the server, or handed to it, at once.
_BUFFER_BYTES = 1 << 16
#: Longer ones are written for one occasion.
_LONGEST = 4_000
_ONCE = b"\x00"
_READY = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ")


class Connection(dbapi.Connection):  # type: ignore[misc]
    """A connection of `pg8000` with fewer turns; what it is asked and what it answers is the same.

    Args:
        reads: nothing is written over it, so that nobody waits for the end of a transaction.
    """

    _sock: Any

    def __init__(self, *args: Any, reads: bool = False, **options: Any) -> None:
        self._reads = reads
        self._owed = False
        self._transaction_status: bytes | None = None
        self._ready: OrderedDict[tuple[str, tuple[int, ...]], tuple[bytes, Any, Any]] = OrderedDict()
        self._forgotten: list[bytes] = []
        self._numbers = 0
        super().__init__(*args, **options)
        # Each turn to the system lets other threads of a server go on, and waits for its own turn to come again: an answer of
        # thousands of rows is taken in a few. The server waits for a question here, so that nothing is left in the other buffer.
        self._sock.close()
        self._sock = self._usock.makefile("rwb", buffering=_BUFFER_BYTES)

    def cursor(self) -> _Cursor:
        """Give a cursor."""
        return _Cursor(self)

    def commit(self) -> None:
        """End the transaction."""
        if not self._reads or self._transaction_status != IN_TRANSACTION:
            self.execute_simple("commit")
            return
        self.send_QUERY("commit")
        _flush(self._sock)
        self._owed, self._transaction_status = True, IDLE

    def settle(self) -> None:
        """Take the answer to the end of the last transaction."""
        if self._owed:
            self._owed = False
            super().handle_messages(Context("commit"))

    def handle_messages(self, context: Context) -> None:
        """Take what the server says, until it is ready."""
        self.settle()
        super().handle_messages(context)

    def rollback(self) -> None:
        """Take the transaction back, where there is one."""
        if self._in_transaction:
            self.execute_simple("rollback")

    def ask(self, statement: str, values: Any, oids: tuple[int, ...]) -> Context:
        """Send a statement with its values, after the beginning of a transaction where there is none; give what came back."""
        context, key = Context(statement), (statement, oids)
        parts = [_message(b"C", b"S", name) for name in self._forgotten]
        self._forgotten.clear()
        if not self._in_transaction and not self.autocommit:
            # Where it fails, the server takes nothing of what follows.
            parts += (*self._read(_ONCE, "begin transaction", ()), *self._run(_ONCE, ()))
        if known := self._ready.get(key):
            self._ready.move_to_end(key)
            name, context.columns, context.input_funcs = known
            context.rows = None if context.columns is None else []
        else:
            name = self._name_of(statement)
            parts += (*self._read(name, statement, oids), _message(b"D", b"S", name))
        parts += self._run(name, make_params(self.py_types, values))
        _write(self._sock, b"".join((*parts, SYNC_MSG)))
        _flush(self._sock)
        try:
            self.handle_messages(context)
        except dbapi.DatabaseError:
            # A plan that no longer fits its tables, too, is made anew the next time.
            self._ready.pop(key, None)
            if name != _ONCE:
                self._forgotten.append(name)
            raise
        if known is None and name != _ONCE:
            self._ready[key] = name, context.columns, context.input_funcs
            while len(self._ready) > _MOST_READY:
                self._forgotten.append(self._ready.popitem(last=False)[1][0])
        return context

    # https://www.postgresql.org/docs/current/protocol-message-formats.html: Parse, Bind and Execute, without the requests
    # to answer at once that pg8000 puts behind each.

    def _read(self, name: bytes, statement: str, oids: tuple[int, ...]) -> tuple[bytes, ...]:
        text = statement.encode(self._client_encoding) + b"\x00"
        types = (i_pack(0 if oid == -1 else oid) for oid in oids)
        return (_message(b"P", name, text, H_pack(len(oids)), *types),)

    def _run(self, name: bytes, params: Sequence[str | None]) -> tuple[bytes, ...]:
        values = []
        for one in params:
            text = None if one is None else one.encode(self._client_encoding)
            values += [i_pack(-1)] if text is None else [i_pack(len(text)), text]
        return _message(b"B", b"\x00", name, H_pack(0), H_pack(len(params)), *values, H_pack(0)), EXECUTE_MSG

    def _name_of(self, statement: str) -> bytes:
        if len(statement) > _LONGEST or not statement.startswith(_READY):
            return _ONCE
        self._numbers += 1
        return b"proscribe_%d\x00" % self._numbers


def _message(code: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return b"".join((code, i_pack(len(content) + 4), content))


class _Cursor(dbapi.Cursor):  # type: ignore[misc]
    def execute(self, operation: str, args: Any = (), stream: Any = None) -> None:
        if stream is not None or (not args and not operation.startswith(_READY)):
            super().execute(operation, args, stream)
            return
        statement = _numbered(operation) if args else operation
        self._context = self._c.ask(statement, args, tuple(self._input_oids))
        self._input_oids: tuple[int, ...] = ()
        self._row_iter = None if self._context.rows is None else iter(self._context.rows)
        self.input_types: list[Any] = []


@lru_cache(maxsize=2_000)
def _numbered(operation: str) -> str:
    """Write the places of values as the server takes them; `pg8000` reads a statement for that letter by letter."""
    return str(dbapi.convert_paramstyle("format", operation, ())[0])
