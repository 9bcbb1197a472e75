"""The model on the web: requests (api), their server (server), pages (site)."""
