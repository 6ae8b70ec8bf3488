"""Recognised text found in any file, and written back losslessly."""
