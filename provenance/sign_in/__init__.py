"""Who asks, and how often they may be wrong before they are asked to wait.

It imports nothing of this project: only the library that counts failed sign-ins.
"""
