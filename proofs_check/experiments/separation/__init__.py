"""The experiment: separation of singular values during training."""
