"""Addresses of the portal, in French: people read them aloud."""

from django.contrib import admin
from django.urls import path

urlpatterns = [path("administration/", admin.site.urls)]
