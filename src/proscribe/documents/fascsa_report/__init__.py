"""First and second report on a FASCSA order, 48 CFR 52.204-30(c)."""
