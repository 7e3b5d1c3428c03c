"""What every file of numerics may use: errors, precision, processors, factors, balls of matrices."""
