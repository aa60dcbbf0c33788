"""Documents from what a store holds: made, kept, approved, rendered."""
