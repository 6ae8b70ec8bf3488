"""How words sound and how usual they are: phones, English and Chinese words, costs of a text as it stands."""
