"""Facts to determinations: what each rule says, as of a day. Pure: no I/O, no clock, no chance."""
