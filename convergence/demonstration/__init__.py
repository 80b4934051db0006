"""A believable and invented data set: what `make run` shows. The words are in `data/`, the verbs here."""
