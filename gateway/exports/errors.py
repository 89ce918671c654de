"""Why an export stops, or leaves something out. Each message is a sentence for the person who runs it.

ExportError              the export can't go on; what was written stays good, and the same command continues it
├── UsageError           what was asked for can't be done: exit status 2
├── RefusedError         the server answers, and the answer is no: a wrong token, address or version
├── KindForbiddenError   the token may not read these records: the other kinds go on
├── FieldForbiddenError  the token may not read one field of these records: they are read without it
├── NotThereError        one thing of several that a request asked for does not exist: the others do
├── PageTooLargeError    the server wants fewer records in one answer
└── CursorRefusedError   the server no longer knows the place where the last run stopped
"""


class ExportError(Exception):
    pass


class UsageError(ExportError):
    pass


class RefusedError(ExportError):
    pass


class KindForbiddenError(ExportError):
    pass


class FieldForbiddenError(ExportError):
    """`path` names the fields from the root down, without the places in lists."""

    def __init__(self, message: str, path: tuple[str, ...]) -> None:
        super().__init__(message)
        self.path = path


class NotThereError(ExportError):
    """`path` names the fields from the root down."""

    def __init__(self, message: str, path: tuple[str, ...]) -> None:
        super().__init__(message)
        self.path = path


class PageTooLargeError(ExportError):
    pass


class CursorRefusedError(ExportError):
    pass
