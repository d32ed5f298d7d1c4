"""Two answers a failing piece of work can give: try again later, or never."""


class Retryable(Exception):
    """The work may succeed later. `after` is the least wait in seconds, None for the usual growing wait."""

    after: float | None = None


class Permanent(Exception):
    """The work will never succeed as it stands; trying again would change nothing."""
