"""Valid time: instants, local zones, windows and the notation they are written in (control.md §2)."""
