"""What a choice costs: exposure, phase-out plans, the matrix of nations."""
