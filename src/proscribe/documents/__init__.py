"""What leaves the building: answers written for people and for other programs."""
