"""How templates are written as Python: each value is escaped in one call, and functions are called as they are.

Jinja escapes what `finalize` gives of a value, and looks at every function that a template calls for what it may want of the
template. A page of findings prints three hundred values and calls a hundred and fifty functions.
"""

from __future__ import annotations

from html import escape
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import markupsafe
from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context, Macro
from markupsafe import Markup

#: What is called as it is, unless it says that it wants the template.
_PLAIN = (FunctionType, MethodType, BuiltinFunctionType)


def escaped(value: object) -> str:
    """Escape a value, whatever it is; markup stays."""
    kind = type(value)
    if kind is str:
        return escape(value)  # type: ignore[arg-type]
    return value if kind is Markup else markupsafe.escape(value)  # type: ignore[return-value]


class _Written(CodeGenerator):
    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        self.write("environment.finalize(")

    def _output_child_post(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        self.write(")")


class _Names(Context):
    def call(self, called: Any, /, *args: Any, **named: Any) -> Any:
        """Call a function or a macro of a template."""
        kind = type(called)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif kind not in _PLAIN or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *args, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(*args, **named)


class Templates(Environment):
    """An environment whose templates escape every value that they print."""

    code_generator_class = _Written
    context_class = _Names

    def __init__(self, **options: Any) -> None:
        super().__init__(autoescape=True, finalize=escaped, **options)
