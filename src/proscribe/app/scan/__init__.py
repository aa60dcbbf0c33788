"""A scan from its inputs to its answers: reading in a process of its own, matching, what it says beside findings."""
