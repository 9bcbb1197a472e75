"""Other laws, or other readings of this one, to set beside the law in force."""
