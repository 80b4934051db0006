"""The pure questionnaire engine: definitions, conditions, scores. No Django, no clock, no disk."""
