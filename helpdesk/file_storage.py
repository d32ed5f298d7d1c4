"""Where files lie: on this machine's disk, or in a bucket of an S3-compatible store."""

from typing import Any

from helpdesk.env import Env

# Files larger than this lie on disk while they are handed out, not in memory.
IN_MEMORY = 2 * 2**20


def file_storage(env: Env) -> dict[str, Any]:
    """The setting STORAGES["default"]."""
    if not env.s3_bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    from botocore.config import Config  # heavy, and only this way needs it

    config = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"total_max_attempts": 3},
        signature_version="s3v4",
        # Stores that are not Amazon's know neither its newer checksums nor a host name for each bucket.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path" if env.s3_endpoint else "auto"},
    )
    options = {
        "bucket_name": env.s3_bucket,
        "endpoint_url": env.s3_endpoint or None,
        "region_name": env.s3_region or None,
        "access_key": env.s3_key or None,
        "secret_key": env.s3_secret or None,
        "client_config": config,
        "default_acl": None,  # as the bucket has it: closed
        "file_overwrite": True,  # keys are random; asking first whether one is taken would be a call for each file
        "max_memory_size": IN_MEMORY,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
