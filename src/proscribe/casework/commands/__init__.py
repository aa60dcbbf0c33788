"""What a person can do with a case. Each function is one command: one transaction, one author, all or nothing.

`by` is always the person who does it. `stated_at` is when it is said to have happened, where that is not now; the store
records its own time beside it. `version` is the version of the case that the caller read; a case that has changed since is
refused (E422) rather than overwritten.
"""
