"""Every plausible candidate for a misheard name, cheaply: this package errs towards too many.

``index`` is a glossary compiled for search, ``matcher`` the one thing to call: it cuts a text into ``windows`` and
finds what each may have been meant as, by sound, by spelling and as written.
"""
