"""How figures, sizes and dates are written in French."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

NARROW_SPACE = "\u202f"  # no-break, between a figure and its unit or its thousands
NO_BREAK_SPACE = "\u00a0"
_UNITS = ("o", "ko", "Mo", "Go", "To")
# Units are stored in the plural; these words end in « s » in the singular too.
_INVARIABLE = frozenset({"mois", "fois", "pas", "cas"})


def _decimal_fr(value: Decimal, places: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{rounded:,f}".replace(",", NARROW_SPACE).replace(".", ",")


def number_in_words(number: Decimal, unit: str = "") -> str:
    """« 1 234,5 jours », « 1 jour », « 80 % »: as many decimals as were typed, without the final zeros."""
    text = f"{number:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = text.replace(",", NARROW_SPACE).replace(".", ",")
    if not unit:
        return text
    if unit == "%":
        return f"{text}{NARROW_SPACE}%"
    return f"{text}{NO_BREAK_SPACE}{_singular(unit) if abs(number) < 2 else unit}"


def _singular(unit: str) -> str:
    words = unit.split(" ")
    return " ".join(word if word in _INVARIABLE else word.removesuffix("s") for word in words)


def percent(value: Decimal | None, places: int = 1) -> str:
    """A fraction (0–1) as « 78,3 % », rounded half up; None as « non applicable »."""
    if value is None:
        return _("non applicable")
    return f"{_decimal_fr(value * 100, places)}{NARROW_SPACE}%"


def points(value: Decimal) -> str:
    """A difference between two scores (fractions) as « 3,1 points », rounded half up; « 1,0 point »."""
    rounded = (value * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    text = {"points": _decimal_fr(value * 100, 1)}
    return (_("%(points)s\N{NO-BREAK SPACE}point") if rounded < 2 else _("%(points)s\N{NO-BREAK SPACE}points")) % text


def siren(number: str) -> str:
    """Nine figures as companies write them: « 732 829 320 »."""
    return NARROW_SPACE.join(number[start : start + 3] for start in range(0, len(number), 3))


def filesize_fr(size: int) -> str:
    """A size in bytes as « 1,4 Mo » (decimal units, as the limits shown to people are)."""
    unit = 0
    # Compared once rounded: 999 960 bytes are « 1 Mo », never « 1 000 ko ».
    while _in_unit(size, unit) >= 1000 and unit < len(_UNITS) - 1:
        unit += 1
    text = _decimal_fr(_in_unit(size, unit), places=1).removesuffix(",0")
    return f"{text}{NO_BREAK_SPACE}{_UNITS[unit]}"


def _in_unit(size: int, unit: int) -> Decimal:
    return (Decimal(size) / Decimal(1000) ** unit).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _local_day(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def long_date(value: date | None) -> str:
    """A day as « 22 novembre 2026 », in the portal's time zone; None as nothing."""
    if value is None:
        return ""
    return _written(_local_day(value), get_language())


@lru_cache(maxsize=4096)
def _written(day: date, _language: str | None) -> str:
    """A page of questions asks for the same few days by the hundred."""
    written = date_format(day, "j F Y")
    return written.replace("1 ", "1er ", 1) if day.day == 1 else written


def since_days(value: date | None) -> str:
    """How long ago in days: « depuis aujourd’hui », « depuis 3 jours »; None as nothing."""
    if value is None:
        return ""
    days = (timezone.localdate() - _local_day(value)).days
    if days <= 0:
        return _("depuis aujourd’hui")
    return ngettext("depuis %(days)d jour", "depuis %(days)d jours", days) % {"days": days}


def about_minutes(minutes: int) -> str:
    """An estimate in minutes as « 55 min », « 1 h 40 », « 43 h »: to five minutes, and to the hour from ten hours on.

    Estimates are no better than that; whatever is left is at least « 5 min ».
    """
    rounded = max(5, 5 * ((minutes + 2) // 5)) if minutes > 0 else 0
    hours, rest = divmod(rounded, 60)
    if hours >= 10:
        return f"{(minutes + 30) // 60}{NO_BREAK_SPACE}h"
    if not hours:
        return f"{rest}{NO_BREAK_SPACE}min"
    return f"{hours}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{rest:02}" if rest else f"{hours}{NO_BREAK_SPACE}h"


def duration_fr(days: int) -> str:
    """A number of days as « 3 ans » when it is whole years, else as « 30 jours »."""
    if days and days % 365 == 0:
        return ngettext("%(years)d an", "%(years)d ans", days // 365) % {"years": days // 365}
    return ngettext("%(days)d jour", "%(days)d jours", days) % {"days": days}
