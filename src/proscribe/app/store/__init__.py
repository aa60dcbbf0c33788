"""The store of cases: commands, judgements, and scans that it rests on."""
