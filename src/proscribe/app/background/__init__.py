"""What is done in the background, and what is handed in for it."""
