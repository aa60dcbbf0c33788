"""The law put to findings and to typed facts: cases, answers, questions."""
