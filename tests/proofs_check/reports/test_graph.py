"""The graph of claims: layers, edges, and boxes that hold their labels."""

import itertools
import re

from jacspec.proofs_check.claims.report import Report
from jacspec.proofs_check.ledger import LEDGER
from jacspec.proofs_check.reports.graph import Graph, Node, claim_graph, graph_svg
from jacspec.proofs_check.reports.run import Run


def test_long_labels_are_set_to_the_width_of_their_boxes():
    labels = ("short", "lemma-cauchy-schwarz-inverse-transposed", "lemma-cauchy-schwarz-transposed")
    svg = graph_svg(
        Graph({label: Node(label, "proved") for label in labels}, tuple(itertools.pairwise(labels))), {}
    )
    boxes = re.findall(r'<rect x="\d+" y="\d+" width="(\d+)"[^>]*rx="6"', svg)
    texts = re.findall(r"<text ([^>]*)>", svg)
    assert len(boxes) == len(texts) == 3
    assert sum("textLength" in text for text in texts) == 2
    assert all(
        float(m) + 15 < float(boxes[0]) for text in texts for m in re.findall(r'textLength="(\d+)"', text)
    )


def test_edges_lead_to_earlier_layers_and_nothing_is_lost():
    names = "abcdefg"
    edges = (("c", "a"), ("c", "b"), ("d", "c"), ("e", "a"), ("d", "a"), ("f", "d"))
    graph = Graph({name: Node(name, "proved") for name in names}, edges)
    layers = graph.layers()
    column = {label: place for place, layer in enumerate(layers) for label in layer}
    assert all(column[other] < column[one] for one, other in edges)
    assert sorted(column) == list("abcdef")
    assert graph.alone == ("g",)


def test_what_a_claim_rests_on_is_read_off_its_derivation():
    labels = ("velocity-identity", "alignment", "lemma-cauchy-schwarz", "general-dynamics")
    claims = [LEDGER[label] for label in labels]
    verdicts = [(claim, Report(claim.label, claim.statement, claim.expected)) for claim in claims]
    graph = claim_graph(Run(verdicts, {}, 0, "quick"))
    assert ("alignment", "lemma-cauchy-schwarz") in graph.edges
    assert ("decoupled-velocity", "velocity-identity") in graph.edges
    assert ("general-dynamics", "decoupled-velocity") in graph.edges
    assert graph.nodes["decoupled-velocity"].verdict == "not run"
    assert ("alignment", "lemma-submultiplicativity") in graph.edges
    assert graph.nodes["lemma-submultiplicativity"].verdict == "not run"
