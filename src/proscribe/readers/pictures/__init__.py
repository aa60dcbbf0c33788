"""What stands on pictures: letters and codes, the type plates that they make, and pieces for people to look at."""
