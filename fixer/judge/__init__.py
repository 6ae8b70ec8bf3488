"""Which candidates to propose and how boldly: this package errs towards too few.

``judge`` is the one thing to call: it measures candidates in their context, weighs them with a fitted model, asks the
``guards`` and the ``policy``, settles what overlaps, and gives each ``proposal`` its reasons.
"""
