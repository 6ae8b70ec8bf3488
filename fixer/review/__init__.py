"""Decisions, and the review that every face shares: screen, lines, other programs and the automatic policy.

``decision`` holds the values, ``review`` what was decided and what follows for the text, ``session`` a person's place
in it, ``past`` what was decided before; ``explain``, ``passage`` and ``impact`` tell a person what there is to know,
``offers`` what may be meant while somebody types.
"""
