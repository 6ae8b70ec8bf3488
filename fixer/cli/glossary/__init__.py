"""The commands of ``fixer glossary``, by what they do to a glossary: ``inspect``, ``change``, ``grow``, ``files``."""
