"""Cases: the memory of the program, and the only room that knows the database.

The truth of a store is its chain of events (`events`). What a case holds is what its events add up to (`replay`); tables
beside the chain repeat it for searching, and `verify` compares them. `store` opens, reads and writes; `commands` are the
things a person can do; `lifecycle` says when they may.
"""
