"""The process that serves the Web API and the pages."""
