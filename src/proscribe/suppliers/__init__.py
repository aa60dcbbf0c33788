"""What goes to suppliers and what is written about them: forms, letters, the memo on a refusal."""
