"""The exit statuses of the command, as its help tells them."""

BAD_USAGE = 2

STATUSES = """
\b
Exit status:
  0    done
  1    an error of the program
  2    the usage or the tables are wrong, or a file cannot be read or written
  3    a process of the run was killed: the same command goes on where it was
  130  stopped by Ctrl-C: the same command goes on where it was
"""
