"""One line of the tables of access: a status code for each role."""

from tests.cast import STATE, TEAM

ROLES = ("anonymous", *TEAM, "consultant", "stranger", *STATE)

Row = dict[str, int]


def row(*, anonymous: int = 302, others: int = 404, team: int = 0, staff: int = 0, **exceptions: int) -> Row:
    """Status codes by role: `team` for the publisher's four roles, `staff` for the State's, then each by its name."""
    codes = dict.fromkeys(ROLES, others) | {"anonymous": anonymous}
    codes |= dict.fromkeys(TEAM, team) if team else {}
    codes |= dict.fromkeys(STATE, staff) if staff else {}
    return codes | exceptions
