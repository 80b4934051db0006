"""The questions: definitions, conditions, editions, editor; and the pure engine."""
