"""The commands of ``fixer glossary``."""
