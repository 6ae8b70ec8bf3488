"""What decisions and texts teach the glossary."""
