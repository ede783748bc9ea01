"""Who held it? The rules of control.md §3 to §6 as pure functions, one room for each part of the page."""
