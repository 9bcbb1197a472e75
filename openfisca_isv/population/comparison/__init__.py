"""The law in force beside reforms of it: tables, pictures and a report."""
