"""People, their keys and accounts, and signing with a key."""
