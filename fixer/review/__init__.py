"""Decisions, and the sitting over them that every face shares."""
