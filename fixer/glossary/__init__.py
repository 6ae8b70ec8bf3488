"""What names are known: terms, patterns, checks on them, and every file format they are read from and written to."""
