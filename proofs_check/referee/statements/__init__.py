"""The referee of statements: examples read off their premises, floats that propose, balls that decide."""
