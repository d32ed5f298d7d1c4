"""How long something took, in words short enough for a table."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
NOT_MEASURED = "\N{EN DASH}"


def duration(seconds: float | None) -> str:
    """Time by the clock: "40s", "12m", "2h 15m", "3d 4h"; a dash for None."""
    if seconds is not None and seconds >= 2 * _DAY:
        return _two(seconds, _DAY, "d", _HOUR, "h")
    return business(seconds)


def business(seconds: float | None) -> str:
    """Business time: never days, since a day of it is no day; a dash for None."""
    if seconds is None:
        return NOT_MEASURED
    if seconds < _MINUTE:
        return f"{round(seconds)}s"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)}m"
    return _two(seconds, _HOUR, "h", _MINUTE, "m")


def _two(seconds: float, large: int, large_name: str, small: int, small_name: str) -> str:
    """Two units; the second one only where it is not nothing."""
    whole, rest = divmod(int(seconds), large)
    rest //= small
    return f"{whole}{large_name}" + (f" {rest}{small_name}" if rest else "")
