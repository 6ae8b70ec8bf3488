"""How good the corrections are: ``gold`` to compare with, ``scoring`` of one text, ``evaluate`` over many, and reports.

``glossary_cases`` are a glossary's own tests: texts and what must become of them.
"""
