"""Products, by their reference: people read it aloud."""

from django.urls import path

from products import views

app_name = "products"
urlpatterns = [
    path("", views.product_list, name="list"),
    path("nouveau/", views.create, name="create"),
    path("<str:reference>/", views.detail, name="detail"),
    path("<str:reference>/modifier/", views.edit, name="edit"),
]
