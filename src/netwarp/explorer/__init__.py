"""The interactive page: one server, one page, any number of sessions. `netwarp explore` starts it."""
