"""The server for agents, over its protocol."""
