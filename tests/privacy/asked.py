"""A copy of personal data, asked for."""

from accounts.models import User
from jobs.models import Job
from privacy.operations.exports import request_export


def queued(user: User) -> Job:
    """Ask for the person's copy; return the work that will make it."""
    job = request_export(user).job
    assert job is not None
    return job
