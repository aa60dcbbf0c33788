"""Observations to findings: what a record is, for whom, how sure, and why.

One scan of each text column finds the rows worth judging (`scanner`, `kernel`); matchers raise signals
(`matchers`, listed in `registry`); the words around a hit decide what it means (`context`); signals are fused into
bands (`findings`) and put into words (`explain`). Pure: the index and the dates are arguments.
"""
