"""Suppliers: lists of them, their answers, and our own evidence about them."""
