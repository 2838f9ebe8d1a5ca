"""Two records become one."""
