"""Open a publisher, compose its team, invite people, give and take the roles of the State's side."""
