"""The pages and pictures a user asks for by name: from a text to files."""
