"""The words of the program, and text made safe for each kind of output. Knows nothing of findings, cases or documents."""
