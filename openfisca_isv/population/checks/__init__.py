"""What is wrong with tables: their headers, their cells, their rows together."""
