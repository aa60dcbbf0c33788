"""A telecom operator's statement on the removal of a designated vendor's equipment."""
