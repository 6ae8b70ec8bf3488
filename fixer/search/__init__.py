"""Every plausible candidate for a misheard name, cheaply: this package errs towards too many."""
