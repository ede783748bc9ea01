"""The log: append in one order, read in that order, prove it. The only folder that imports eventsourcing."""
