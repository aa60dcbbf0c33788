"""Findings written back into bills of materials."""
