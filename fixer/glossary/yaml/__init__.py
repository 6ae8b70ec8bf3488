"""Glossary files: read with places for errors, written in order, edited in place."""
