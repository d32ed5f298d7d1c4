"""Answer with a stored file, safely: stranger's bytes never become a page of ours."""

import structlog
from django.http import FileResponse, Http404

from files.models import StoredFile
from files.services.storing import open_file

log = structlog.get_logger(__name__)

# Should a browser open the bytes all the same, nothing in them runs or loads.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"


def file_response(stored: StoredFile) -> FileResponse:
    """Images that cannot carry a script are shown, everything else is downloaded.

    Raises Http404, and says so in the log, when the storage lost the bytes.
    """
    try:
        file = open_file(stored)
    except FileNotFoundError as error:
        log.exception("file.lost", file=stored.pk)
        raise Http404 from error
    content_type = stored.content_type if stored.is_image else "application/octet-stream"
    response = FileResponse(file, as_attachment=not stored.is_image, filename=stored.name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "private, no-store"
    return response
