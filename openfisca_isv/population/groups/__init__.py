"""Figures by group: counts, sums, means and quantiles, small cells masked."""
