"""The sections of the site: each module writes the pages of one, in one language."""
