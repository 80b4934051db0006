"""Take one's data away, erase an account, and let go of what has lasted long enough."""
