"""The leader's pages: what is planned, the door of a shift, and its roster to confirm."""
