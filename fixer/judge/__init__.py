"""Which candidates to propose and how boldly: this package errs towards too few."""
