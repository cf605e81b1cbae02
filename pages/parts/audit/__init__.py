"""An audit on the page."""
