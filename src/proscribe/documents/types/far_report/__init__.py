"""First and follow-up report, 48 CFR 52.204-25(d)."""
