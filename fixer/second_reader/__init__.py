"""A chat model's opinion: what it is asked, what its answers mean, how they combine with what was heard."""
