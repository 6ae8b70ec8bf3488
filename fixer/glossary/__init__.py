"""What names are known: ``terms`` are the values, everything else reads, checks, merges or writes them.

``yaml/`` holds fixer's own format, ``exchange/`` those of other programs, ``show_notes`` finds names in notes. ``lint``
says what is doubtful in a glossary, ``conflicts`` where two contradict each other, ``name_table`` whose a text is, and
``patterns`` is for what no list of names can hold. Values in, values out; nothing is imported here, since a warm run
needs none of it.
"""
