"""What is measured on a chain: overlaps, angles, alignment, depth scaling, velocities."""
