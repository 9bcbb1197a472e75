"""Results with labels for R, SAS and Stata: a script each, beside the results."""
