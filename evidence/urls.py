"""Addresses of a publisher's files."""

from django.urls import path

from evidence import views

app_name = "evidence"
urlpatterns = [
    path("preuves/<int:pk>/fichier/", views.file, name="file"),
    path("preuves/envois/<str:siren>/nouveau/", views.start_upload, name="start-upload"),
    path("preuves/envois/<uuid:upload_id>/", views.upload, name="upload"),
    path("preuves/envois/<uuid:upload_id>/<int:piece_number>/", views.piece, name="piece"),
    path("preuves/<int:pk>/apercu/<int:page>/", views.preview, name="preview"),
]
