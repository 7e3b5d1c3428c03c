"""The README's picture can be drawn from the data that experiments leave."""

import numpy as np

from benchmarks.opening_picture import main


def test_it_is_drawn_from_the_data_of_both_experiments(tmp_path):
    steps, modes = np.arange(4), np.arange(3)
    np.savez(
        tmp_path / "training.npz", digits_steps=steps, digits_log_singular_values=-np.add.outer(steps, modes)
    )
    depths = np.array([5, 10, 20])
    quotients = np.exp(-np.multiply.outer(depths, modes))[:, None, :] * np.array([1.0, -1.0, 2.0])[:, None]
    np.savez(
        tmp_path / "velocities.npz",
        depths=depths,
        decoupled_over_exact=quotients,
        decoupled_over_exact_in_float64=quotients,
    )
    main(tmp_path, tmp_path / "one.png")
    main(tmp_path, tmp_path / "again.png")
    picture = (tmp_path / "one.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert picture == (tmp_path / "again.png").read_bytes()
