"""Why an export stops, or leaves something out. Each message is a sentence for the person who runs it.

    ExportError              the export can't go on; what was written stays good, and the same command continues it
    ├── UsageError           what was asked for can't be done: exit status 2
    ├── Refused              the server answers, and the answer is no: a wrong token, address or version
    ├── KindForbidden        the token may not read these records: the other kinds go on
    ├── FieldForbidden       the token may not read one field of these records: they are read without it
    ├── PageTooLarge         the server wants fewer records in one answer
    └── CursorRefused        the server no longer knows the place where the last run stopped
"""


class ExportError(Exception):
    pass


class UsageError(ExportError):
    pass


class Refused(ExportError):
    pass


class KindForbidden(ExportError):
    pass


class FieldForbidden(ExportError):
    """`path` names the fields from the root down, without the places in lists."""

    def __init__(self, message: str, path: tuple[str, ...]) -> None:
        super().__init__(message)
        self.path = path


class PageTooLarge(ExportError):
    pass


class CursorRefused(ExportError):
    pass
