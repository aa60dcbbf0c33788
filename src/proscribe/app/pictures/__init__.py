"""Copies of pictures, where they were taken, and the walk-round list."""
