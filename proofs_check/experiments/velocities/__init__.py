"""The experiment: exact velocities beside decoupled ones."""
