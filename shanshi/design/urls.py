"""Pages of the design room."""

from django.urls import path

from shanshi.design import views

app_name = "design"
urlpatterns = [
    path("gallery", views.gallery, name="gallery"),
    path("gallery/code", views.sample_code, name="sample_code"),
    path("gallery/scan", views.sample_scan, name="sample_scan"),
    path("appearance", views.appearance, name="appearance"),
]
