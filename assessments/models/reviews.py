"""The examination: one review per dossier, a round per submission, a verdict per item."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Publisher, User
from accounts.policies import REVIEWING
from assessments.models.dossiers import Dossier
from assessments.models.submissions import Submission, SubmissionItem


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: User) -> "ReviewQuerySet":
        """The only road from a reviewer to a dossier: never one of a publisher for which they work or once worked, nor
        one from which they recused themselves."""
        if not REVIEWING & user.staff_roles:
            return self.none()
        tied = Publisher.objects.tied_to(user).values("pk")
        return self.exclude(dossier__product__publisher__in=tied).exclude(recusals__reviewer=user)


class Review(models.Model):
    """The examination of one dossier, whatever the number of rounds."""

    class Outcome(models.TextChoices):
        FAVOURABLE = "favourable", _("favorable")
        WITH_RESERVATIONS = "with_reservations", _("favorable avec réserves")
        NOT_MET = "not_met", _("exigences non satisfaites")

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, verbose_name=_("dossier"), related_name="review")
    opened_at = models.DateTimeField(_("ouverte le"))
    # What the last round says, kept here for the queue, which sorts thousands of reviews by it: since when it is
    # somebody's turn (or nobody's, once closed), and by when they are asked to act. Written with the round.
    turn_since = models.DateTimeField(_("au tour de quelqu’un depuis"))
    due_on = models.DateField(_("échéance"), null=True, blank=True)  # null: nobody is asked anything
    # The three below are set together by close_review().
    outcome = models.CharField(_("conclusion"), max_length=20, choices=Outcome, blank=True)
    conclusion = models.TextField(_("motivation"), blank=True)
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)  # null: still open
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("close par"),
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")
        indexes = [models.Index(name="assessments_review_turn_since", fields=["turn_since", "id"])]
        constraints = [
            models.CheckConstraint(
                name="assessments_review_closing_is_whole",
                condition=Q(outcome="", closed_at=None, closed_by=None)
                | Q(
                    outcome__in=["favourable", "with_reservations", "not_met"],
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                ),
            )
        ]

    def __str__(self) -> str:
        return f"Review {self.dossier_id}"

    @property
    def in_charge(self) -> list["Assignment"]:
        """The assignments that hold, second readers apart; one query, unless `assignments` are prefetched."""
        return [each for each in self.assignments.all() if each.ended_at is None and not each.is_second_reading]

    @property
    def second_readers(self) -> list["Assignment"]:
        """Those who read it a second time; one query, unless `assignments` are prefetched."""
        return [each for each in self.assignments.all() if each.ended_at is None and each.is_second_reading]

    @cached_property
    def reviewer_ids(self) -> frozenset[int]:
        """Who is in charge."""
        return frozenset(assignment.reviewer_id for assignment in self.in_charge)

    @cached_property
    def second_reader_ids(self) -> frozenset[int]:
        return frozenset(assignment.reviewer_id for assignment in self.second_readers)

    @cached_property
    def relieved_ids(self) -> frozenset[int]:
        """Who was in charge and no longer is: only a lead puts them back."""
        were = frozenset(each.reviewer_id for each in self.assignments.all() if not each.is_second_reading)
        return were - self.reviewer_ids

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def standing(self) -> "AssignmentQuerySet":
        return self.filter(ended_at=None)

    def in_charge(self) -> "AssignmentQuerySet":
        """Those that stand, second readers apart."""
        return self.standing().filter(part=Assignment.Part.EXAMINER)


class Assignment(models.Model):
    """A reviewer in charge of a review, or who reads it a second time; kept after they are relieved of it."""

    class Part(models.TextChoices):
        EXAMINER = "examiner", _("examine")
        SECOND_READER = "second_reader", _("relit")

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("examinateur"), related_name="assignments"
    )
    part = models.CharField(_("part"), max_length=15, choices=Part, default=Part.EXAMINER)
    assigned_at = models.DateTimeField(_("attribuée le"))
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("attribuée par"), related_name="+"
    )
    # Null means still so.
    ended_at = models.DateTimeField(_("terminée le"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attribution")
        verbose_name_plural = _("attributions")
        constraints = [
            models.UniqueConstraint(
                name="assessments_assignment_once", fields=["review", "reviewer"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="assessments_assignment_part_known", condition=Q(part__in=["examiner", "second_reader"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} · {self.reviewer_id}"

    @property
    def is_second_reading(self) -> bool:
        return self.part == self.Part.SECOND_READER


class Recusal(models.Model):
    """A reviewer's statement that they must not examine a dossier. Never taken back by its author."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="recusals")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("examinateur"), related_name="recusals"
    )
    reason = models.TextField(_("motif"))
    stated_at = models.DateTimeField(_("déclaré le"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("déport")
        verbose_name_plural = _("déports")
        constraints = [
            models.UniqueConstraint(name="assessments_recusal_once", fields=["review", "reviewer"]),
            models.CheckConstraint(name="assessments_recusal_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} · {self.reviewer_id}"


class Round(models.Model):
    """The judgement of one submission."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="rounds")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="round")
    number = models.PositiveSmallIntegerField(_("numéro"))
    opened_at = models.DateTimeField(_("ouvert le"))
    # By when the reviewers mean to answer. Null: opened before the portal kept such dates.
    target_on = models.DateField(_("réponse visée pour le"), null=True, blank=True)
    # Null means that nothing was told to the publisher yet.
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("envoyé par"),
        null=True,
        blank=True,
        related_name="+",
    )
    # By when the publisher is asked to answer; null until the round is sent back.
    answer_by = models.DateField(_("réponse demandée pour le"), null=True, blank=True)
    message = models.TextField(_("message à l’éditeur"), blank=True)

    class Meta:
        ordering = ["review_id", "number"]
        verbose_name = _("tour")
        verbose_name_plural = _("tours")
        constraints = [
            models.UniqueConstraint(name="assessments_round_number_unique", fields=["review", "number"]),
            models.CheckConstraint(
                name="assessments_round_sending_is_whole",
                condition=Q(sent_at=None, sent_by=None) | Q(sent_at__isnull=False, sent_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} / {self.number}"


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def standing(self) -> "VerdictQuerySet":
        """Those that hold: when its author steps back for a conflict of interest, somebody else gives it again."""
        recusals = Recusal.objects.filter(review=OuterRef("round__review"), reviewer=OuterRef("decided_by"))
        return self.filter(~Exists(recusals))


class Verdict(models.Model):
    """A reviewer's judgement of one item of a submission."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("acceptée")
        REFUSED = "refused", _("refusée")
        QUESTION = "question", _("question posée")

    class Reason(models.TextChoices):
        INCOMPLETE = "incomplete", _("La preuve est incomplète")
        OFF_TOPIC = "off_topic", _("La preuve ne porte pas sur l’exigence")
        OUTDATED = "outdated", _("La preuve n’est plus valable")
        UNREADABLE = "unreadable", _("Le document ne peut pas être lu")
        CONTRADICTION = "contradiction", _("La preuve contredit la réponse")
        NOT_JUSTIFIED = "not_justified", _("Le « non applicable » n’est pas justifié")
        OTHER = "other", _("Autre motif")

    # The ones that send an item back to the publisher.
    REOPENING = (Decision.REFUSED, Decision.QUESTION)

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="verdicts")
    item = models.ForeignKey(SubmissionItem, on_delete=models.PROTECT, related_name="verdicts")
    decision = models.CharField(_("verdict"), max_length=10, choices=Decision)
    reason = models.CharField(_("motif"), max_length=20, choices=Reason, blank=True)
    text = models.TextField(_("explication"), blank=True)
    # Null means given in this round; otherwise the item was unchanged and its verdict carried over.
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # From 0 to 1; it replaces the computed score (facts, evaluation.md, rule 15). Null: the computed score stands.
    corrected_score = models.DecimalField(_("score corrigé"), max_digits=5, decimal_places=4, null=True, blank=True)
    correction_reason = models.TextField(_("motif de la correction"), blank=True)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="assessments_verdict_one_per_item", fields=["round", "item"]),
            models.CheckConstraint(
                name="assessments_verdict_decision_known", condition=Q(decision__in=["accepted", "refused", "question"])
            ),
            models.CheckConstraint(
                name="assessments_verdict_refusal_says_why",
                condition=Q(decision="accepted")
                | (Q(decision="question") & ~Q(text=""))
                | (Q(decision="refused") & ~Q(reason="") & ~Q(text="")),
            ),
            models.CheckConstraint(
                name="assessments_verdict_correction_says_why",
                condition=Q(corrected_score=None, correction_reason="")
                | (Q(corrected_score__isnull=False) & ~Q(correction_reason="")),
            ),
            models.CheckConstraint(
                name="assessments_verdict_corrected_score_is_a_fraction",
                condition=Q(corrected_score=None) | Q(corrected_score__gte=0, corrected_score__lte=1),
            ),
            # What goes back to the publisher is not scored yet.
            models.CheckConstraint(
                name="assessments_verdict_correction_needs_acceptance",
                condition=Q(corrected_score=None) | Q(decision="accepted"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.decision}"

    @property
    def corrected_percent(self) -> Decimal | None:
        """The corrected score from 0 to 100, without trailing zeros."""
        if self.corrected_score is None:
            return None
        whole = self.corrected_score * 100
        return whole.quantize(Decimal(1)) if whole == whole.to_integral_value() else whole.normalize()
