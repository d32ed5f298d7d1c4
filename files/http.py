"""Answer with a stored file, safely: stranger's bytes never become a page of ours."""

from django.http import FileResponse

from files.models import StoredFile
from files.services.storing import open_file

# Should a browser open the bytes all the same, nothing in them runs or loads.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"


def file_response(stored: StoredFile) -> FileResponse:
    """Images that cannot carry a script are shown, everything else is downloaded."""
    content_type = stored.content_type if stored.is_image else "application/octet-stream"
    response = FileResponse(
        open_file(stored), as_attachment=not stored.is_image, filename=stored.name, content_type=content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "private, no-store"
    return response
