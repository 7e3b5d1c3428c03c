"""What all experiments share: outcomes, pictures, progress, data."""
