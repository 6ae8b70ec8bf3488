"""Glossary files in YAML: ``read`` with places for errors, ``write`` canonical, ``edit`` and ``order`` in place.

``nodes`` is what was written and where, ``splice`` changes it line by line; neither knows what a term is.
"""
