"""Record of a reasonable inquiry, 48 CFR 4.2101."""
