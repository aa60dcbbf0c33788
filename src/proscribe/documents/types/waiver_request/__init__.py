"""Request file of a waiver: justification, laydown, phase-out plan."""
