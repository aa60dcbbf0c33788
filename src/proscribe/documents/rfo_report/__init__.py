"""Report within 72 hours and its supplements, RFO 52.240-91(h)."""
