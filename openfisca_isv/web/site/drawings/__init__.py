"""Pictures, as SVG that stands in the page and says in words what it shows."""
