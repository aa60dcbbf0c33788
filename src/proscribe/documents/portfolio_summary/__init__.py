"""Summary for a board."""
