"""Where evidence files go: into a folder of this machine, or into a bucket that speaks S3."""

from pathlib import Path
from typing import Any


def evidence_storage(
    *,
    folder: Path,
    bucket: str = "",
    endpoint: str = "",
    region: str = "",
    access_key: str = "",
    secret_key: str = "",
    acl: str = "",
) -> dict[str, Any]:
    """STORAGES["evidence"]. Only the site itself reads it: no address of a file is ever handed out."""
    if not bucket:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": str(folder),
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    options: dict[str, Any] = {
        "bucket_name": bucket,
        "endpoint_url": endpoint or None,
        "region_name": region or None,
        # Without keys of its own it asks the machine, as is usual inside of a cloud.
        "access_key": access_key or None,
        "secret_key": secret_key or None,
        # Objects are private without a word; buckets that know no ACL refuse uploads that bring one.
        "default_acl": acl or None,
        "file_overwrite": False,
        "querystring_auth": False,
        "signature_version": "s3v4",
        # Servers of one's own seldom have a host name for each bucket.
        "addressing_style": "path" if endpoint else "auto",
        "object_parameters": {"CacheControl": "private, no-store"},
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
