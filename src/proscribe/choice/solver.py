"""HiGHS behind one function: a mixed-integer program in rows, with the same answer for the same input.

The extra `choice` brings it; it is imported when a plan is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np

from proscribe.model.errors import missing_extra

OPTIMAL, FEASIBLE, INFEASIBLE, NOTHING = "optimal", "feasible", "infeasible", "nothing"


@dataclass(slots=True)
class Program:
    """Minimise cost over columns within rows.

    Attributes:
        cost, lower, upper, whole: of each column.
        rows: lower and upper bound, columns and coefficients of each row.
        base: cost that is there whatever the columns are.
    """

    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, list[int], list[float]]] = field(default_factory=list)
    base: float = 0.0

    def column(self, cost: float, upper: float = 1.0, *, whole: bool = False, lower: float = 0.0) -> int:
        """Add a column; give its index."""
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, lower: float, upper: float, columns: Sequence[int], values: Sequence[float]) -> None:
        """Add a row, scaled so that its largest coefficient is 1 where they are large."""
        widest = max((abs(value) for value in values), default=0.0)
        scale = 1.0 / widest if widest > 1_000 else 1.0
        self.rows.append((lower * scale, upper * scale, list(columns), [value * scale for value in values]))


@dataclass(frozen=True, slots=True)
class Solved:
    """What came out.

    Attributes:
        state: `optimal` (within the gap asked for), `feasible` (stopped by a limit), `infeasible`, or `nothing`.
        bound: no solution costs less.
        timed: whether the time limit stopped it, so that another machine may find another answer.
    """

    state: str
    values: Sequence[float] = ()
    cost: float = inf
    bound: float = -inf
    timed: bool = False


def solve(
    program: Program, *, gap: float = 0.0, seconds: float = 60.0, heuristics: float = 0.05,
    nodes: int | None = None, start: Sequence[float] = (),
) -> Solved:  # fmt: skip
    """Solve a program on one thread with a fixed seed.

    Args:
        gap: relative distance between cost and bound that is good enough.
        heuristics: share of the work that goes into solutions, the rest goes into the bound.
        nodes: limit of the search in counted steps, the same on every machine; `None` = none.
        seconds: limit; the best solution so far is given then.
        start: a solution to begin with.

    Raises:
        EnvironmentProblem: E502 when the extra is not installed.
    """
    try:
        import highspy
    except ImportError:
        raise missing_extra("highspy", "choice") from None
    widest = max((abs(value) for value in program.cost), default=0.0)
    scale = 1e6 / widest if widest > 1e6 else 1.0
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.cost), len(program.rows)
    model.col_cost_ = np.array(program.cost, dtype=float) * scale
    model.offset_ = program.base * scale
    model.col_lower_ = np.array(program.lower, dtype=float)
    model.col_upper_ = np.array(program.upper, dtype=float)
    model.row_lower_ = np.array([row[0] for row in program.rows], dtype=float)
    model.row_upper_ = np.array([row[1] for row in program.rows], dtype=float)
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger if one else kinds.kContinuous for one in program.whole]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row[2]) for row in program.rows)], dtype=np.int32)
    model.a_matrix_.index_ = np.array([index for row in program.rows for index in row[2]], dtype=np.int32)
    model.a_matrix_.value_ = np.array([value for row in program.rows for value in row[3]], dtype=float)
    # the class above it turns callbacks on, which prints a line on standard output before anything can be silenced
    solver = highspy._core._Highs()
    for name, value in (
        ("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", 1), ("time_limit", seconds),
        ("mip_rel_gap", gap), ("mip_abs_gap", 0.0 if gap == 0.0 else 1e-6), ("mip_feasibility_tolerance", 1e-7),
        ("primal_feasibility_tolerance", 1e-8), ("mip_heuristic_effort", heuristics),
    ):  # fmt: skip
        solver.setOptionValue(name, value)
    if nodes is not None:
        solver.setOptionValue("mip_max_nodes", nodes)
    solver.passModel(model)
    if start:
        given = highspy.HighsSolution()
        given.col_value = list(start)
        solver.setSolution(given)
    solver.run()
    state, info = solver.getModelStatus(), solver.getInfo()
    statuses = highspy.HighsModelStatus
    if state in (statuses.kInfeasible, statuses.kUnboundedOrInfeasible):
        return Solved(INFEASIBLE)
    if state == statuses.kModelEmpty:
        return Solved(OPTIMAL, (), program.base, program.base)
    timed = state == statuses.kTimeLimit
    cost = info.objective_function_value / scale
    bound = (info.mip_dual_bound if any(program.whole) else info.objective_function_value) / scale
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Solved(NOTHING, bound=bound, timed=timed)
    found = OPTIMAL if state == statuses.kOptimal else FEASIBLE
    return Solved(found, list(solver.getSolution().col_value), cost, bound, timed)
