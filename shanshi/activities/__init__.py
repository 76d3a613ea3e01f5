"""Programs, projects, activities, shifts, sign-ups, waiting lists and rosters."""
