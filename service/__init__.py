"""The shell: settings, HTTP, command line, tokens, and how the rest is wired."""
