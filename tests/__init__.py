"""The tests, in folders as the code has, and the tools that several of them use."""

from pathlib import Path

PROJECT = Path(__file__).parent.parent
