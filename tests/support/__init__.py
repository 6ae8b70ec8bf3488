"""What test modules share: a chat server, reviews without a screen or a disk, where things lie."""
