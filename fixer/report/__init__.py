"""What was found and done, for people and for programs; pure: values in, strings out.

``outcome`` holds the values, ``text`` writes for people, ``data`` for programs, ``diff`` shows changed lines,
``explained`` the evidence; ``show`` keeps a transcript's control characters from reaching a terminal. Only
what is light to import is named here.
"""

from fixer.report.diff import unified
from fixer.report.terminal import Style, counted, readable, visible

__all__ = ["Style", "counted", "readable", "unified", "visible"]
