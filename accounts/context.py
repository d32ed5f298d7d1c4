"""What every page of a workspace knows."""

from typing import Any

from django.http import HttpRequest


def workspace(request: HttpRequest) -> dict[str, Any]:
    """tenant and agent, None outside a workspace."""
    return {"tenant": getattr(request, "tenant", None), "agent": getattr(request, "agent", None)}
