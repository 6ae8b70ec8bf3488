"""Every plausible candidate for a misheard name, cheaply: this package errs towards too many.

``index`` is a glossary compiled for search (``forms`` are its written forms, ``spoken`` says them, ``keys`` are what
they are looked up by); ``matcher`` is the one thing to call. It cuts a text into ``units`` and these into ``windows``,
as far as ``reach`` says, finds what each may have been meant as, in Latin letters (``latin``) and in Chinese characters
(``han``), and takes the features that need no context (``local_features``). The other modules do arithmetic for these
on many strings at once (``core`` in C, where it was compiled), or keep an index in one file that is read in place.
"""
