"""How good the corrections are: gold, scoring, scorecards, test cases of a glossary."""
