"""Records as JSON data: what is written is read again, of the same class, and what is missing is named."""

from __future__ import annotations

import json

import pytest

from jacspec.proofs_check.claims.evidence import Approach, Evidence, LimitEvidence, Status, Trend
from jacspec.proofs_check.claims.mutants import Mutants

APPROACH = Approach("x", 1.0, (5, 10), (0.5, 0.25), -1.0, 0.1, -2.0, 0.2, Trend.TENDS)
LIMIT = LimitEvidence(
    status=Status.FOR,
    summary="it tends",
    seconds=1.0,
    instances=9,
    precision_bits=256,
    seed=3,
    series=(APPROACH,),
)


def test_evidence_is_read_again_as_the_class_that_its_kind_names() -> None:
    data = json.loads(json.dumps(LIMIT.to_json()))
    assert (data["kind"], data["status"], data["series"][0]["reading"]) == ("limit", "for", "tends")
    assert Evidence.from_json(data) == LIMIT
    with pytest.raises(KeyError, match="hearsay"):
        Evidence.from_json({**data, "kind": "hearsay"})


def test_a_field_that_may_be_left_out_is_and_another_is_not() -> None:
    certificate = LimitEvidence(status=Status.AGAINST, summary="it stays at 1", seconds=0.0)
    data = certificate.to_json()
    assert data == {"kind": "limit", "status": "against", "summary": "it stays at 1", "seconds": 0.0}
    assert Evidence.from_json(data) == certificate
    with pytest.raises(KeyError, match="summary"):
        Evidence.from_json({name: value for name, value in data.items() if name != "summary"})


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="perhaps"):
        Evidence.from_json({**LIMIT.to_json(), "status": "perhaps"})


def test_mutants_add_up() -> None:
    both = Mutants(3, 1, ("a",), 1, equivalent=2) + Mutants(1, 0, ("b",), weaker=4)
    assert both == Mutants(4, 1, ("a", "b"), 1, 2, 4)
    assert both.generated == 10
    assert Mutants.from_json(json.loads(json.dumps(both.to_json()))) == both
