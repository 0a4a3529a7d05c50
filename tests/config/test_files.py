from pathlib import Path

from config.files import evidence_storage

FOLDER = Path("/somewhere/evidence")


def test_without_a_bucket_files_go_into_a_folder_that_nobody_else_reads() -> None:
    found = evidence_storage(folder=FOLDER)
    assert found["BACKEND"].endswith("FileSystemStorage")
    assert found["OPTIONS"] == {
        "location": "/somewhere/evidence",
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    }


def test_a_bucket_hands_out_no_addresses() -> None:
    found = evidence_storage(folder=FOLDER, bucket="rounds", region="eu-central-1", access_key="a", secret_key="b")
    assert found["BACKEND"] == "storages.backends.s3.S3Storage"
    options = found["OPTIONS"]
    assert (options["bucket_name"], options["region_name"]) == ("rounds", "eu-central-1")
    assert (options["access_key"], options["secret_key"]) == ("a", "b")
    assert (options["querystring_auth"], options["file_overwrite"]) == (False, False)
    assert (options["signature_version"], options["addressing_style"]) == ("s3v4", "auto")
    assert options["default_acl"] is options["endpoint_url"] is None


def test_another_server_is_asked_by_path() -> None:
    options = evidence_storage(folder=FOLDER, bucket="rounds", endpoint="https://s3.example", acl="private")["OPTIONS"]
    assert (options["endpoint_url"], options["addressing_style"]) == ("https://s3.example", "path")
    assert options["default_acl"] == "private"


def test_a_machine_may_bring_its_own_keys() -> None:
    options = evidence_storage(folder=FOLDER, bucket="rounds")["OPTIONS"]
    assert options["access_key"] is options["secret_key"] is None
