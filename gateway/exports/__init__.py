"""Records of a Partner API, downloaded whole: JSON Lines and a manifest that can be checked against the server."""

from gateway.exports.archive import version_of
from gateway.exports.errors import ExportError, UsageError
from gateway.exports.options import ExportOptions, ExportReport, Retries
from gateway.exports.run import export_records
from gateway.exports.verify import VerifyReport, verify_archive

__all__ = [
    "ExportError",
    "ExportOptions",
    "ExportReport",
    "Retries",
    "UsageError",
    "VerifyReport",
    "export_records",
    "verify_archive",
    "version_of",
]
