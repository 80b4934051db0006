"""Who asks to enter: account requests, from the form to the publisher they open."""
