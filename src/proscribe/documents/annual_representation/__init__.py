"""Annual representation, 48 CFR 52.204-26."""
