"""How words sound and how usual they are, without any glossary.

``phones`` brings every script to one phone alphabet, ``english`` says how Latin words sound; ``ordinary`` grades words
by how usual they are, ``chinese`` and its modules cost a text as it stands, and ``hash_table`` is how tables of words
are looked up in bulk.
"""
