"""The portal's addresses, and the bare view that every figure is compared with."""

from django.urls import include, path

from bench.baseline import bare

urlpatterns = [path("bench/<int:statements>/", bare, name="bench-bare"), path("", include("convergence.urls"))]
