"""Who may close a review and ask for its report again."""

from accounts.models import User
from accounts.policies import is_review_lead
from assessments.models import Review
from jobs.models import Job
from results.models import Report


def can_close(user: User, review: Review) -> bool:
    """A review lead, while the review is open: whoever examines does not conclude alone."""
    return is_review_lead(user) and not review.is_closed


def can_request_again(report: Report) -> bool:
    """Anyone who sees the result, once the work has failed. Needs `job` loaded."""
    return not report.is_ready and report.job.state == Job.State.FAILED
