"""A Model Context Protocol server: what a coding agent may ask of fixer, and how it is answered.

An agent reads what strangers wrote. Everything that comes out of a file (speech, names, names of files) is handed over
as data, bounded and marked; proposing writes nothing into transcripts or glossaries; applying is a tool only where the
user started the server with it. Where files lie and what is asked of the engine is the business of whoever starts it.
"""
