"""Bundles, and what a stranger checks of them."""
