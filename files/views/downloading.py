"""Hand out stored files by their random key."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.http import AgentRequest, agent_required
from files.access import get_file
from files.http import file_response


@agent_required
@require_safe
def download(request: AgentRequest, key: str) -> HttpResponseBase:
    return file_response(get_file(request, key))
