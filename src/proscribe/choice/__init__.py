"""What it costs, what it blocks, and a plan that holds. Nothing else depends on this room."""
