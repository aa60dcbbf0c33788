"""Representation and disclosure with an offer, 48 CFR 52.204-24(d) and (e)."""
