"""Devices joined from many records, and what is offered, from lists of parts."""
