"""The server for editors, over its protocol."""
