"""Questionnaires in the formats of others and in ours: text in, plain definitions out, and back."""
