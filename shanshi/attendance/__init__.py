"""Attendance: scans, visits, confirmation. What happened at the door, and what it is worth."""
