"""What other programs speak with: /api and /mcp for holders of a token, and the loopback for the command line."""
