r"""Full-batch gradient descent on a fixed-gates linear network (FGLN), and on a ReLU network.

The network is ``J = W_N D_{N-1} W_{N-1} ⋯ D_1 W_1``: ``N`` square weights of width ``n``, and
between them fixed diagonal 0/1 gates ``D_l`` that are drawn once, are never trained and do not
depend on the input, so that the network *is* the matrix ``J``. Because ``D² = D`` it equals the
product of the absorbed factors ``M_l = D_l W_l D_{l-1}`` (``D_0 = D_N = I``), and that is the
chain we hand on.

The loss is the squared one, over ``P`` samples ``x_p`` with targets ``y_p`` in ``R^n``:

    L(J) = 1/(2P) Σ_p ‖J x_p - y_p‖² = ½ ⟨J, J Σ_xx⟩ - ⟨J, Σ_yx⟩ + ½ E‖y‖²,
    G = ∂L/∂J = J Σ_xx - Σ_yx,        Σ_xx = E[x xᵀ],  Σ_yx = E[y xᵀ],

and not cross-entropy, for three reasons: ``L`` needs the data only through two ``n × n`` moments,
so a full-batch step costs some thirty ``n × n`` products however many samples there are; its
gradient is polynomial in the weights, so the tests check it with *exact* rational arithmetic; and
it has a minimum at finite ``J``, which training reaches and the experiment can be held against.
The price is that a mode which has reached its least-squares value stops, and slower ones catch up
with it.

With ``A_l = M_N ⋯ M_l`` and ``B_l = M_{l-1} ⋯ M_1`` the gradient is ``∂L/∂W_l = D_l A_{l+1}ᵀ G B_lᵀ
D_{l-1}``: weights of closed gates stay exactly at their initial value. (Arora, Cohen, Hu, Luo 2019,
eq. 5, for ungated networks.)

`moving_gates` trains a ReLU network, whose gates depend on the input and move, from the same weights.

Everything here is float64: an estimate, not an enclosure. What is recorded along training is
nevertheless never noise: see `resolved_log_singular_values`.
"""

from jacspec.proofs_check.experiments.training.configuration import TrainingConfig
from jacspec.proofs_check.experiments.training.descent import descend, train
from jacspec.proofs_check.experiments.training.loss import SquaredLoss
from jacspec.proofs_check.experiments.training.moving_gates import (
    MovingSnapshot,
    descend_moving,
    gated_gradients,
    gated_outputs,
    gates_at,
)
from jacspec.proofs_check.experiments.training.network import absorb, initial_network, weight_gradients
from jacspec.proofs_check.experiments.training.records import Record, Snapshot, TrainingResult
from jacspec.proofs_check.experiments.training.resolution import LOG_RESOLUTION, resolved_log_singular_values

__all__ = [
    "LOG_RESOLUTION",
    "MovingSnapshot",
    "Record",
    "Snapshot",
    "SquaredLoss",
    "TrainingConfig",
    "TrainingResult",
    "absorb",
    "descend",
    "descend_moving",
    "gated_gradients",
    "gated_outputs",
    "gates_at",
    "initial_network",
    "resolved_log_singular_values",
    "train",
    "weight_gradients",
]
