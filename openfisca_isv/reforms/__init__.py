"""Other laws, or other readings of this one, to compare with the law in force."""
