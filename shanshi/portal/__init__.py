"""Pages drawn from several rooms."""
