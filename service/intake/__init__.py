"""Taking in: from what is asked to be appended to an event in the log, once."""
