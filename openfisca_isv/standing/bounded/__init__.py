"""The formulas of the model, run on values known only between two bounds."""
