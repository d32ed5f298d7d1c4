"""Static files under names that carry a digest of their content, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Also rewrites the imports inside JavaScript modules, which Django leaves alone by default."""

    support_js_module_import_aggregation = True
