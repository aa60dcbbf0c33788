"""First and second report, 48 CFR 252.204-7018(d)."""
