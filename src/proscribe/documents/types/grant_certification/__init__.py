"""Certification on award funds, 2 CFR 200.216."""
