"""One's own account, teams, invitations, the journal."""
