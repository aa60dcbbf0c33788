"""A maker's or seller's certificate on an offering."""
