"""Publishers and their teams: open one, see who is in it, say who may do what."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import operations, policies
from accounts.forms import MemberForm, PublisherForm, RoleForm
from accounts.models import Membership, Publisher, User
from accounts.requests import SignedInRequest

# Told whatever happened, so that nobody learns from it who has an account.
ADDED = _noop = "Si un compte confirmé existe à cette adresse, il rejoint l’équipe."
