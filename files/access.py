"""The only way a view gets a stored file."""

from django.http import Http404

from accounts.http import AgentRequest
from files.models import StoredFile


def get_file(request: AgentRequest, key: str) -> StoredFile:
    """The file of the request's workspace, or Http404. Its key cannot be guessed and is told only by its owner."""
    stored: StoredFile | None = StoredFile.objects.filter(key=key).first()
    if stored is None:
        raise Http404
    return stored
