"""The file of one volunteer: every conclusion in words, with its provision."""
