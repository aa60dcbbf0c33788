"""Disclosure by an offeror, RFO 52.240-90(g)."""
