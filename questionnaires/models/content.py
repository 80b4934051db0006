"""What a version holds: parts, themes, questions, choices, thresholds, and the outcomes of a diagnostic."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from questionnaires.models.publication import frozen_with_version
from questionnaires.models.versions import Version


class Part(models.Model):
    """A part of a version with its own entry, progress and score: RGPD and ETH in RGE."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField(_("rang"))
    code = models.CharField(_("code"), max_length=20)
    slug = models.SlugField(_("adresse"))
    title = models.CharField(_("titre"), max_length=200)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        ordering = ["version_id", "position"]
        verbose_name = _("volet")
        verbose_name_plural = _("volets")
        constraints = [
            models.UniqueConstraint(name="questionnaires_part_code_unique", fields=["version", "code"]),
            frozen_with_version("questionnaires_part_frozen", "{row}.version_id"),
        ]

    def __str__(self) -> str:
        return self.title


class Theme(models.Model):
    """A page of questions on one subject."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="themes")
    # Null means that the questionnaire has no parts.
    part = models.ForeignKey(
        Part, on_delete=models.CASCADE, null=True, blank=True, related_name="themes", verbose_name=_("volet")
    )
    position = models.PositiveSmallIntegerField(_("rang"))
    # How often its words were changed; a save names the count it was based on.
    revision = models.PositiveIntegerField(default=0, editable=False)
    code = models.CharField(_("code"), max_length=20)
    slug = models.SlugField(_("adresse"), max_length=80)
    title = models.CharField(_("titre"), max_length=200)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        ordering = ["version_id", "position"]
        verbose_name = _("thème")
        verbose_name_plural = _("thèmes")
        constraints = [
            models.UniqueConstraint(name="questionnaires_theme_code_unique", fields=["version", "code"]),
            models.UniqueConstraint(name="questionnaires_theme_slug_unique", fields=["version", "slug"]),
            frozen_with_version("questionnaires_theme_frozen", "{row}.version_id"),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"


class Question(models.Model):
    """One requirement, asked as a question. Its key is for life; its other fields belong to the version."""

    class Type(models.TextChoices):
        YES_NO = "yes_no", _("oui ou non")
        SINGLE_CHOICE = "single_choice", _("choix unique")
        MULTIPLE_CHOICE = "multiple_choice", _("choix multiple")
        NUMBER = "number", _("nombre")
        DATE = "date", _("date")
        TEXT = "text", _("texte")
        FILE = "file", _("fichier")

    class Level(models.TextChoices):
        MANDATORY = "mandatory", _("obligatoire")
        RECOMMENDED = "recommended", _("recommandé")

    class Scoring(models.TextChoices):
        SUM = "sum", _("somme des choix, plafonnée à 1")
        MAX = "max", _("meilleur choix")
        MIN = "min", _("moins bon choix")
        RULES_ONLY = "rules_only", _("règles seulement")

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="questions", verbose_name=_("thème"))
    position = models.PositiveSmallIntegerField(_("rang"))
    # Number of the last QuestionRevision; a save names the one it was based on.
    revision = models.PositiveIntegerField(default=0, editable=False)
    key = models.CharField(_("clé"), max_length=20, help_text=_("Pour la vie : jamais changée, jamais réutilisée."))
    type = models.CharField(_("type de réponse"), max_length=16, choices=Type)

    title = models.CharField(_("intitulé court"), max_length=150)
    wording = models.TextField(_("question"))
    asked = models.TextField(_("ce qui est demandé"), blank=True)
    why = models.TextField(_("pourquoi"), blank=True)
    help = models.TextField(_("aide"), blank=True)
    accepted_example = models.TextField(_("exemple accepté"), blank=True)
    refused_example = models.TextField(_("exemple refusé"), blank=True)
    evidence = models.TextField(_("preuve attendue"), blank=True)
    answered_by = models.CharField(_("répond d’habitude"), max_length=20, blank=True)
    minutes = models.PositiveSmallIntegerField(_("temps de réponse, en minutes"), default=0)

    level = models.CharField(_("niveau"), max_length=12, choices=Level)
    scored = models.BooleanField(_("notée"), default=True)
    weight = models.DecimalField(_("poids"), max_digits=6, decimal_places=2, default=1)
    # Null means 1: nothing less than the full score satisfies.
    pass_score = models.DecimalField(_("score à atteindre"), max_digits=4, decimal_places=3, null=True, blank=True)
    applies_when = models.TextField(_("condition"), default="always")
    allows_not_applicable = models.BooleanField(_("peut être non applicable"), default=True)

    # What makes an answer acceptable. Null means no such bound; each type reads its own.
    scoring = models.CharField(_("calcul du choix multiple"), max_length=12, choices=Scoring, default=Scoring.SUM)
    unit = models.CharField(_("unité"), max_length=40, blank=True)
    minimum = models.DecimalField(_("minimum"), max_digits=14, decimal_places=4, null=True, blank=True)
    maximum = models.DecimalField(_("maximum"), max_digits=14, decimal_places=4, null=True, blank=True)
    not_after_today = models.BooleanField(_("refuse le futur"), default=False)
    not_before_today = models.BooleanField(_("refuse le passé"), default=False)
    max_age_months = models.PositiveSmallIntegerField(_("âge maximal, en mois"), null=True, blank=True)
    score_ok = models.DecimalField(_("score d’une date valable"), max_digits=4, decimal_places=3, default=1)
    score_old = models.DecimalField(_("score d’une date trop ancienne"), max_digits=4, decimal_places=3, default=0)
    min_length = models.PositiveIntegerField(_("longueur minimale"), null=True, blank=True)
    max_length = models.PositiveIntegerField(_("longueur maximale"), null=True, blank=True)
    formats = models.CharField(
        _("formats de fichier"), max_length=100, blank=True, help_text=_("Séparés par un espace.")
    )
    min_files = models.PositiveSmallIntegerField(_("fichiers au moins"), null=True, blank=True)
    max_files = models.PositiveSmallIntegerField(_("fichiers au plus"), null=True, blank=True)

    reference = models.TextField(_("référence"), blank=True)
    reference_confidence = models.CharField(_("confiance"), max_length=10, blank=True)
    verification = models.CharField(_("vérification"), max_length=20, blank=True)
    source = models.TextField(_("source"), blank=True)
    tier = models.CharField(_("étage"), max_length=10, blank=True)
    editor_note = models.TextField(_("note aux éditeurs"), blank=True)

    class Meta:
        ordering = ["theme_id", "position"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(name="questionnaires_question_key_unique", fields=["theme", "key"]),
            models.CheckConstraint(
                name="questionnaires_question_type_known",
                condition=Q(type__in=["yes_no", "single_choice", "multiple_choice", "number", "date", "text", "file"]),
            ),
            models.CheckConstraint(
                name="questionnaires_question_level_known", condition=Q(level__in=["mandatory", "recommended"])
            ),
            models.CheckConstraint(name="questionnaires_question_weight_positive", condition=Q(weight__gt=0)),
            models.CheckConstraint(
                name="questionnaires_question_pass_score_fraction",
                condition=Q(pass_score=None) | Q(pass_score__gte=0, pass_score__lte=1),
            ),
            frozen_with_version(
                "questionnaires_question_frozen",
                "(SELECT t.version_id FROM questionnaires_theme t WHERE t.id = {row}.theme_id)",
            ),
        ]

    def __str__(self) -> str:
        return self.key


THEME_OF_QUESTION = (
    "(SELECT t.version_id FROM questionnaires_question q JOIN questionnaires_theme t ON t.id = q.theme_id"
    " WHERE q.id = {row}.question_id)"
)


class Choice(models.Model):
    """One possible answer of a choice question."""

    class Rule(models.TextChoices):
        FREE = "free", _("libre")
        REQUIRED = "required", _("indispensable")
        REQUIRED_ANY = "required_any", _("au moins un de ceux-ci")
        FORBIDDEN = "forbidden", _("rédhibitoire")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    position = models.PositiveSmallIntegerField(_("rang"))
    value = models.CharField(_("valeur"), max_length=40)
    label = models.CharField(_("libellé"), max_length=300)
    # Null means that the question is not scored.
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=3, null=True, blank=True)
    rule = models.CharField(_("règle"), max_length=12, choices=Rule, default=Rule.FREE)

    class Meta:
        ordering = ["question_id", "position"]
        verbose_name = _("choix")
        verbose_name_plural = _("choix")
        constraints = [
            models.UniqueConstraint(name="questionnaires_choice_value_unique", fields=["question", "value"]),
            models.CheckConstraint(
                name="questionnaires_choice_score_fraction", condition=Q(score=None) | Q(score__gte=0, score__lte=1)
            ),
            frozen_with_version("questionnaires_choice_frozen", THEME_OF_QUESTION),
        ]

    def __str__(self) -> str:
        return self.label


class Threshold(models.Model):
    """One step of a number's score, read from the top: the first that holds decides."""

    class Operator(models.TextChoices):
        GTE = "gte", "≥"
        LTE = "lte", "≤"
        GT = "gt", ">"
        LT = "lt", "<"
        BETWEEN = "between", _("entre")
        OTHERWISE = "otherwise", _("sinon")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="thresholds")
    position = models.PositiveSmallIntegerField(_("rang"))
    operator = models.CharField(_("comparaison"), max_length=10, choices=Operator)
    # Null: `otherwise` has no bound, and only `between` has a second one.
    low = models.DecimalField(_("borne"), max_digits=14, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(_("seconde borne"), max_digits=14, decimal_places=4, null=True, blank=True)
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=3)

    class Meta:
        ordering = ["question_id", "position"]
        verbose_name = _("seuil")
        verbose_name_plural = _("seuils")
        constraints = [
            models.CheckConstraint(
                name="questionnaires_threshold_bounds",
                condition=Q(operator="otherwise", low=None, high=None)
                | Q(operator="between", low__isnull=False, high__isnull=False)
                | Q(operator__in=["gte", "lte", "gt", "lt"], low__isnull=False, high=None),
            ),
            frozen_with_version("questionnaires_threshold_frozen", THEME_OF_QUESTION),
        ]

    def __str__(self) -> str:
        return f"{self.get_operator_display()} {self.low or ''}"


class Outcome(models.Model):
    """One possible conclusion of a diagnostic, read from the top: the first that holds is told."""

    class Kind(models.TextChoices):
        ELIGIBLE = "eligible", _("éligible")
        ELIGIBLE_LATER = "eligible_later", _("éligible plus tard")
        NOT_ELIGIBLE = "not_eligible", _("non éligible")

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="outcomes")
    position = models.PositiveSmallIntegerField(_("rang"))
    outcome = models.CharField(_("conclusion"), max_length=16, choices=Kind)
    condition = models.TextField(_("condition"))
    title = models.CharField(_("titre"), max_length=200)
    reason = models.TextField(_("raison"))
    next_steps = models.TextField(_("que faire ensuite"), help_text=_("Une étape par ligne."))

    class Meta:
        ordering = ["version_id", "position"]
        verbose_name = _("conclusion du diagnostic")
        verbose_name_plural = _("conclusions du diagnostic")
        constraints = [frozen_with_version("questionnaires_outcome_frozen", "{row}.version_id")]

    def __str__(self) -> str:
        return self.title
