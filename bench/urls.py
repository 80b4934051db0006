"""The portal's addresses, and the bare ones that every figure is compared with."""

from django.urls import include, path

from bench.baseline import bare, bare_page

urlpatterns = [
    path("bench/<int:statements>/", bare, name="bench-bare"),
    path("bench/<int:statements>/<int:size>/", bare_page, name="bench-bare-page"),
    path("", include("convergence.urls")),
]
