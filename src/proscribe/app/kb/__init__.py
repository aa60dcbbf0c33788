"""The knowledge as services use it: its index, its origin, what may be searched in it, and names in plain words."""
