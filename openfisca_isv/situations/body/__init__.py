"""The parts of a body, each read with all that is wrong in it."""
