"""Look inside a file that may be hostile, for what it does besides showing itself.

Runs alone, in a process of its own with limits (`evidence.sandbox`): nothing here knows Django or the database.
"""
