"""What browsers load beside a page: one stylesheet and one script, under names that carry a digest of their content.

They are made when a web process starts and held in memory. With DEBUG browsers load the sources instead, file by file.
"""

import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import etag, require_safe

from core.bundling import CannotBundle, bundle_scripts, bundle_styles, shorten

STYLES, SCRIPTS = "css/app.css", "js/app.js"
# Scripts of others, which expect to be no modules; they come first.
PLAIN_SCRIPTS = ("vendor/htmx.min.js", "vendor/idiomorph-ext.min.js")
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
KEPT = "public, max-age=31536000, immutable"  # a year: another content has another name
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))")


@dataclass(frozen=True)
class Asset:
    """A file in memory; `name` stands under STATIC_URL."""

    name: str
    digest: str
    content: bytes
    zipped: bytes


@cache
def assets() -> dict[str, Asset]:
    """Source -> what is loaded for it. Raises CannotBundle when a source says what is not understood."""
    made = {
        STYLES: bundle_styles(STYLES, _read),
        SCRIPTS: bundle_scripts(PLAIN_SCRIPTS, SCRIPTS, _read),
        "js/theme-early.js": shorten(_read("js/theme-early.js")),
        "icons/favicon.svg": _read("icons/favicon.svg"),
    }
    return {source: _asset(source, text.encode()) for source, text in made.items()}


class StaticFiles(StaticFilesStorage):
    """Gives the addresses that `{% static %}` puts into pages."""

    def url(self, name: str | None) -> str:
        asset = assets().get(name or "") if settings.STATIC_BUNDLED else None
        return super().url(asset.name if asset else name)


class BundleMiddleware:
    """Answers for the assets; all else goes on, the sources too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        made = assets().values() if settings.STATIC_BUNDLED else ()
        self._assets = {f"{settings.STATIC_URL}{asset.name}": asset for asset in made}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asset = self._assets.get(request.path_info)
        return self.get_response(request) if asset is None else _serve(request, asset)


@require_safe
@etag(lambda _request, asset: f'"{asset.digest}"')
def _serve(request: HttpRequest, asset: Asset) -> HttpResponse:
    is_zipped = bool(_GZIP.search(request.headers.get("Accept-Encoding", "")))
    content = asset.zipped if is_zipped else asset.content
    headers = {"Cache-Control": KEPT, "Vary": "Accept-Encoding", "Content-Length": str(len(content))}
    if is_zipped:
        headers["Content-Encoding"] = "gzip"
    kind = TYPES[PurePosixPath(asset.name).suffix]
    return HttpResponse(b"" if request.method == "HEAD" else content, content_type=kind, headers=headers)


def _asset(source: str, content: bytes) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:16]
    path = PurePosixPath(source)
    return Asset(f"{path.stem}.{digest}{path.suffix}", digest, content, gzip.compress(content, mtime=0))


def _read(path: str) -> str:
    found = finders.find(path)
    if found is None:
        raise CannotBundle(f"{path} is imported, but there is no such file")
    return Path(found).read_text(encoding="utf-8")
