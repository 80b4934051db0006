"""What a team says among itself never leaves it: not at the desk, nor in what is packed, sealed or reported."""

import io
import zipfile

from django.urls import reverse

from assessments.operations.comments import write_comment
from assessments.packing import write_pack
from results.operations import close_review
from results.reading import read
from results.report import write_html
from tests.assessments.filled import examine
from tests.reviews.test_pending_is_unseen import KEY, MARK, pages


def test_no_reviewer_no_archive_and_no_result_ever_holds_it(
    desk_client, dossier, contributor, representative, reviewer, review_lead
):
    comment = write_comment(dossier=dossier, key=KEY, text=f"{MARK} @{representative}", by=contributor).comment

    assert MARK not in pages(desk_client, dossier)
    for name, *rest in [("thread",), ("comment-edit", comment.pk), ("comment-settle", comment.pk)]:
        address = reverse(f"dossiers:{name}", args=[dossier.number, KEY, *rest])
        assert desk_client.post(address, {"text": "?"}).status_code == 404
    assert desk_client.get(reverse("dossiers:thread", args=[dossier.number, KEY])).status_code == 404
    assert MARK not in _packed(dossier.submissions.get())
    review = examine(dossier, by=reviewer).review
    content = close_review(review=review, outcome="with_reservations", conclusion="Un écart.", by=review_lead).content
    assert MARK not in content
    assert MARK not in write_html(read(content))


def _packed(submission) -> str:
    target = io.BytesIO()
    write_pack(submission, target, lambda percent: None)
    with zipfile.ZipFile(target) as pack:
        return b"".join(pack.read(name) for name in pack.namelist()).decode(errors="ignore")
