"""Words for pages of the portal."""
