"""Attendance: scans, visits, confirmation."""

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    """App of the room."""

    name = "shanshi.attendance"
    label = "attendance"
