"""How fast the main pages are, on PostgreSQL, at real size, as ratios to a bare view."""
