"""What every page of a workspace knows."""

from typing import Any

from django.http import HttpRequest

# Pages of several apps stand here; the way through the settings leads to all of them.
SETTINGS = ("/settings/", "/profile/", "/tags/")


def workspace(request: HttpRequest) -> dict[str, Any]:
    """tenant and agent, None outside a workspace; area is what the rail marks: an app's name, or the settings."""
    match = getattr(request, "resolver_match", None)
    return {
        "tenant": getattr(request, "tenant", None),
        "agent": getattr(request, "agent", None),
        "area": "accounts" if request.path_info.startswith(SETTINGS) else getattr(match, "namespace", ""),
    }
