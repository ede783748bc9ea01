"""What tellings say, each with when it was recorded; and their claims, each with where it stands."""

from __future__ import annotations

from typing import Any

Content = tuple[Any, int]
"""What a filing or a correction says, a report or its gist, and when it was recorded."""

Claimed = tuple[int, int, Any, Any, int]
"""A claim: the number of its telling, its own among that one's, the claim or its gist, its Occurred, the recording."""
