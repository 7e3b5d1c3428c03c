"""Which premise carries weight: each is replaced by its contrary, and a counterexample is sought there."""

from __future__ import annotations

from dataclasses import replace

from jacspec.proofs_check.claims.evidence import Hypothesis
from jacspec.proofs_check.claims.exact_values import to_text
from jacspec.proofs_check.referee.statements.search_effort import SearchEffort
from jacspec.proofs_check.referee.statements.statement_search import StatementSearch, search_statement
from jacspec.theory.statements.expression import Comparison
from jacspec.theory.statements.mutation.statement_variants import FLIPPED
from jacspec.theory.statements.printing import text
from jacspec.theory.statements.rebuilding import compared
from jacspec.theory.statements.statement import Statement
from jacspec.theory.statements.tree import Op

_CONTRARY = {**FLIPPED, Op.LE: Op.GT, Op.LT: Op.GE, Op.GE: Op.LT, Op.GT: Op.LE}


def weigh_premises(statement: Statement, *, seed: int, effort: SearchEffort) -> tuple[Hypothesis, ...]:
    """Every premise, and whether the statement needs it; the statement itself is taken not to be refuted."""
    return tuple(_weighed(statement, position, seed, effort) for position in range(len(statement.given)))


def _weighed(statement: Statement, position: int, seed: int, effort: SearchEffort) -> Hypothesis:
    premise = statement.given[position]
    contrary = contrary_of(premise)
    others = statement.given[:position] + statement.given[position + 1 :]
    kept = others if contrary is None else (*others[:position], contrary, *others[position:])
    found = search_statement(replace(statement, given=kept), seed=seed, effort=effort)
    name = f"${text(premise)}$"
    if found.hit is not None:
        example = "\n".join(line for key, value in found.hit.example.items() for line in to_text(key, value))
        return Hypothesis(name, True, "a certified counterexample violates nothing else", example)
    return Hypothesis(name, *_unneeded(found, violated=contrary is not None))


def _unneeded(found: StatementSearch, *, violated: bool) -> tuple[bool | None, str]:
    tally = found.tally
    decided = tally.decided - tally.undecided
    if not tally.decided:
        return None, "no example violates it, keeps the others and gives the statement a value"
    if not decided:
        return None, f"without it {tally.decided} examples are all undecided"
    where = "violate it" if violated else "need not satisfy it"
    return False, f"{decided} examples {where} and the conclusion holds at all of them"


def contrary_of(premise: Comparison) -> Comparison | None:
    """What holds where a premise fails; None of an order of matrices, which is not total."""
    left, right = premise.args
    if premise.of_matrices and premise.op not in (Op.EQ, Op.NE):
        return None
    return compared(_CONTRARY[premise.op], left, right)
