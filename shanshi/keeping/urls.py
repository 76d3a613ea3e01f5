"""Pages of what is kept how long."""

from django.urls import path

from shanshi.keeping import views

app_name = "keeping"
urlpatterns = [path("privacy/retention", views.retention, name="retention")]
