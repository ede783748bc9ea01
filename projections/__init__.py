"""Events in, answers out. Every projection can be dropped and built again from the log."""
