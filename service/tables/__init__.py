"""The chronology's tables filled in a process of their own, so that it takes nothing of the interpreter that serves."""
