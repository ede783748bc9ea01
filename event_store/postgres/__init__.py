"""The log on PostgreSQL: a schema of one database, one order, one appender per process."""
