"""Every write is part of a change and leaves a row of history.

It writes and reads rows of any tracked model, and imports only the ground below it.
"""
