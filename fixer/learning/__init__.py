"""What decisions and texts teach the glossary; nothing is written here.

``observe`` gathers what people said was misheard, ``suggest`` says what follows for the glossary, ``discover`` finds
names that nobody listed, ``choose`` takes some of them, and ``statistics`` counts which terms earn their place.
"""
