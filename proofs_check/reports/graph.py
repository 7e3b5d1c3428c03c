"""The graph of claims, what rests on what, in layers: as data, and as inline SVG."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from statistics import fmean

from jacspec.proofs_check.reports.run import Run
from jacspec.theory import Derivation

_WIDTH, _HEIGHT, _GAP_X, _GAP_Y, _MARGIN = 236, 30, 64, 10, 8
_LONGEST = 32
_SNUG = 25
"""Characters from which a label is set to the width of its box: fonts differ in how wide they run."""
_NOT_RUN = "not run"
_LEMMA = "lemma-"
_SWEEPS = 4
"""Passes, there and back, over the layers when their nodes are put in order."""


@dataclass(frozen=True)
class Node:
    """A claim with its verdict, or a derivation on which claims rest and that was not run itself."""

    label: str
    verdict: str


@dataclass(frozen=True)
class Graph:
    """What rests on what: ``edges`` are pairs (label, label of what it rests on)."""

    nodes: Mapping[str, Node]
    edges: tuple[tuple[str, str], ...]
    folded: bool = False
    """Whether nodes were left out, and what rests on them rests on what they rest on."""

    @property
    def alone(self) -> tuple[str, ...]:
        """The labels that rest on nothing and on which nothing rests."""
        joined = {end for edge in self.edges for end in edge}
        return tuple(label for label in self.nodes if label not in joined)

    def folded_to(self, labels: Collection[str]) -> Graph:
        """The graph of these labels alone: an edge for every way that leads through others only."""
        below: dict[str, list[str]] = {label: [] for label in self.nodes}
        for one, other in self.edges:
            below[one].append(other)
        nodes = {label: node for label, node in self.nodes.items() if label in labels}
        edges: dict[tuple[str, str], None] = {}
        for label in nodes:
            seen: set[str] = set()
            ways = below[label][::-1]
            while ways:
                other = ways.pop()
                if other in seen:
                    continue
                seen.add(other)
                if other not in nodes:
                    ways += below[other][::-1]
                elif other != label:
                    edges[label, other] = None
        return Graph(nodes, tuple(edges), folded=len(nodes) < len(self.nodes))

    def without_lemmas(self) -> Graph:
        """The graph of the theorems, if there are any: lemmas, and derivations that are no claims, folded."""
        theorems = [
            label
            for label, node in self.nodes.items()
            if node.verdict != _NOT_RUN and not label.startswith(_LEMMA)
        ]
        return self.folded_to(theorems) if theorems else self

    def layers(self) -> list[list[str]]:
        """The joined nodes, what rests on nothing first; every edge leads to an earlier layer.

        Within a layer nodes stand near what they are joined to (the barycentre heuristic of Sugiyama,
        Tagawa and Toda 1981).
        """
        depth: dict[str, int] = {}
        for label in self.nodes:
            self._place(label, depth)
        lone = set(self.alone)
        layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
        for label in self.nodes:
            if label not in lone:
                layers[depth[label]].append(label)
        filled = [layer for layer in layers if layer]
        for sweep in range(2 * _SWEEPS):
            for layer in filled if sweep % 2 == 0 else reversed(filled):
                self._order(layer, filled)
        return filled

    def _place(self, label: str, depth: dict[str, int]) -> int:
        if label not in depth:
            depth[label] = 0  # a claim that rests on itself, by a clash of labels, ends here
            below = [self._place(other, depth) + 1 for one, other in self.edges if one == label]
            depth[label] = max(below, default=0)
        return depth[label]

    def _order(self, layer: list[str], layers: Sequence[Sequence[str]]) -> None:
        rank = {label: place / len(each) for each in layers for place, label in enumerate(each)}
        near: dict[str, list[float]] = {label: [] for label in layer}
        for one, other in self.edges:
            for label, neighbour in ((one, other), (other, one)):
                if label in near:
                    near[label].append(rank[neighbour])
        layer.sort(key=lambda label: fmean(near[label]))


def claim_graph(run: Run) -> Graph:
    """The graph of claims: derivations rest on derivations, and their inequalities on lemmas.

    A lemma is a node where it is among the claims; a derivation always is, with the verdict ``not run``
    where no claim here has it.
    """
    nodes = {report.label: Node(report.label, report.verdict.value) for report in run.reports}
    named: dict[Derivation, str] = {}
    for label, derivation in run.derivations.items():
        named.setdefault(derivation, label)
    edges: dict[tuple[str, str], None] = {}
    for derivation in [each for top in named for each in (*top.lemmas, top)]:
        label = named.get(derivation, derivation.label)
        nodes.setdefault(label, Node(label, _NOT_RUN))
        used = [named.get(each, each.label) for each in derivation.rests_on]
        used += [f"{_LEMMA}{lemma.label}" for step in derivation.steps for _, lemma in step.lemmas]
        for other in used:
            if other.startswith(_LEMMA) and other not in nodes:
                continue
            if other != label:
                edges[label, other] = None
    return Graph(nodes, tuple(edges))


def graph_svg(graph: Graph, anchors: Mapping[str, str]) -> str:
    """The graph as SVG, coloured by the style sheet; a node links to where ``anchors`` says."""
    layers = graph.layers()
    tallest = max(map(len, layers), default=0)
    places = {
        label: (
            _MARGIN + column * (_WIDTH + _GAP_X),
            _MARGIN + (row + (tallest - len(layer)) / 2) * (_HEIGHT + _GAP_Y),
        )
        for column, layer in enumerate(layers)
        for row, label in enumerate(layer)
    }
    width = 2 * _MARGIN + len(layers) * (_WIDTH + _GAP_X) - _GAP_X
    height = 2 * _MARGIN + tallest * (_HEIGHT + _GAP_Y) - _GAP_Y
    body = "".join([*_arrows(graph, places), *_boxes(graph, places, anchors)])
    return (
        f'<svg viewBox="0 0 {width} {height:.0f}" width="{width}" height="{height:.0f}" role="group" '
        f'aria-label="Graph of claims: an arrow leads from what is used to what rests on it">'
        '<defs><marker id="arrowhead" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path d="M0 0 8 4 0 8Z"/></marker></defs>{body}</svg>'
    )


def _arrows(graph: Graph, places: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    for one, other in graph.edges:
        (x1, y1), (x2, y2) = places[other], places[one]
        x1, y1, y2 = x1 + _WIDTH, y1 + _HEIGHT / 2, y2 + _HEIGHT / 2
        bend = _GAP_X * 0.6
        yield (
            f'<path class="edge" marker-end="url(#arrowhead)" '
            f'd="M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}">'
            f"<title>{escape(one)} rests on {escape(other)}</title></path>"
        )


def _boxes(
    graph: Graph, places: Mapping[str, tuple[float, float]], anchors: Mapping[str, str]
) -> Iterator[str]:
    for label, (x, y) in places.items():
        node = graph.nodes[label]
        shown = label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"
        fitted = f' textLength="{_WIDTH - 26}" lengthAdjust="spacingAndGlyphs"' if len(shown) > _SNUG else ""
        kind = node.verdict.replace(" ", "-")
        box = (
            f'<g class="node {kind}"><title>{escape(label)}: {node.verdict}</title>'
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{_WIDTH}" height="{_HEIGHT}" rx="6"/>'
            f'<rect class="stripe" x="{x:.0f}" y="{y:.0f}" width="7" height="{_HEIGHT}" rx="3"/>'
            f'<text x="{x + 15:.0f}" y="{y + _HEIGHT / 2 + 4.5:.1f}"{fitted}>{escape(shown)}</text></g>'
        )
        anchor = anchors.get(label)
        yield box if anchor is None else f'<a href="{escape(anchor)}">{box}</a>'
