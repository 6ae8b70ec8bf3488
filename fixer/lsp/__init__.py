"""A language server: misheard names as an editor shows and corrects them, while somebody types.

The editor holds the text and makes every change to it; what was decided goes where every review keeps it. ``positions``
knows how editors count, ``looks`` what is shown of a text, ``server`` the protocol. What is asked of the engine, and
where files lie, is the business of whoever starts it.
"""
