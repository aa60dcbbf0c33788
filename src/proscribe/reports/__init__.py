"""What was found, written for people and programs: scans, devices, parts lists, questions."""
