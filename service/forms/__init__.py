"""What comes in, as contract.md words it, and how it becomes what the domain knows."""
