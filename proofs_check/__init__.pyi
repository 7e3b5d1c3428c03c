from . import strategies as strategies
from .claims.claim import Claim as Claim
from .claims.margin import (
    at_most as at_most,
    equal as equal,
    exactly as exactly,
    less_than as less_than,
)
from .claims.report import Report as Report
from .claims.verdict import Expectation as Expectation, Verdict as Verdict, Whose as Whose
from .interpretation.points.chain import ChainPoint as ChainPoint
from .interpretation.statements.matrix_relations import psd as psd
from .referee.limits import Limit as Limit
from .referee.propositions.conclusion import searched as searched
from .referee.referee import verify as verify
from .referee.replay import replay as replay
from .referee.statements.stated_claim import claim as claim
from .referee.statistics import Prediction as Prediction, Statistics as Statistics
from .shell.claim_tasks import find_claim as find_claim
