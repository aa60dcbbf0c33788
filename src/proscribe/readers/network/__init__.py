"""What networks say of the devices in them: scans, listings of switches and servers, recordings, packets."""
