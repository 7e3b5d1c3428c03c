"""Tensors that share storage: which changes in place are seen under another name too."""

from __future__ import annotations

from jacspec.numerics.networks.graphs.operators import OPERATORS
from jacspec.numerics.networks.graphs.program import Node, Program, UntraceableError, references
from jacspec.numerics.networks.graphs.smooth import SMOOTH
from jacspec.numerics.networks.graphs.structure import COPIES

_MAY_BE_VIEWS = frozenset(
    ("view_as", "expand_as", "type_as", "movedim", "transpose", "permute", "einsum", "pad", "to", "_to_copy")
)


def refuse_shared_changes(program: Program) -> None:
    """Raise UntraceableError if a tensor is changed in place of which a view, or the base, is taken later."""
    last: dict[str, int] = {program.returned: len(program.nodes)}
    for position, node in enumerate(program.nodes):
        last |= {name: max(position, last.get(name, 0)) for name in _taken(node)}
    storage: dict[str, set[str]] = {}
    same: dict[str, set[str]] = {}
    for position, node in enumerate(program.nodes):
        names = _taken(node)
        if node.in_place and names:
            changed = names[0]
            own = same.setdefault(changed, {changed})
            others = storage.setdefault(changed, {changed}) - own
            if any(last.get(other, -1) > position for other in others):
                _refuse(node)
            for output in node.outputs:
                own.add(output)
                storage[changed].add(output)
                same[output], storage[output] = own, storage[changed]
        elif "out" in node.arguments:
            _refuse(node)
        elif not _is_fresh(node):
            together = set(node.outputs).union(*(storage.get(name, {name}) for name in names))
            storage |= dict.fromkeys(together, together)


def _taken(node: Node) -> list[str]:
    return [name for value in node.arguments.values() for name in references(value)]


def _is_fresh(node: Node) -> bool:
    """Whether the result is in memory of its own; of what is not known, it is not."""
    short = node.operator.partition(".")[0]
    return node.operator in OPERATORS or node.operator in COPIES or short in SMOOTH - _MAY_BE_VIEWS


def _refuse(node: Node) -> None:
    message = (
        f"{node.name} changes a tensor in place of which there is a view; expected a tensor of its own: "
        f"write x = x + y, not x += y, or export it as torch.export.export(module, (x,))"
        f".run_decompositions({{}})"
    )
    raise UntraceableError(message)
