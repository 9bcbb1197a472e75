"""The exit statuses of the command, as its help tells them."""

BAD_USAGE = 2
WORKER_LOST = 3
INTERRUPTED = 130
#: As a shell tells of a command whose output nobody reads any more.
OUTPUT_CLOSED = 141
#: As a shell tells of a command that SIGTERM ended.
TERMINATED = 143

STATUSES = """
\b
Exit status:
  0    done
  1    an error of the program
  2    the usage or the tables are wrong, or a file cannot be read or written
  3    a process of the run was killed, or the scheduler cannot be reached
  130  stopped by Ctrl-C
  141  the reader of the output closed it
  143  stopped by SIGTERM, as systemd, Kubernetes and timeout send it
After 3, 130 and 143, simulate and compare go on where they were with the same command;
the other commands have left nothing.
"""
#: What is said where a command lacks the libraries of an extra of the package.
NEEDS_EXTRA = (
    'openfisca-isv: this command needs the extra "{extra}":'
    ' pip install "openfisca-isv[{extra}]"'
)
