"""What people and models decided, and what was made: database, runs, model versions."""
