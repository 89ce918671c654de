"""Letters that the gateway writes: sent by SMTP, or put as one file each into a folder."""

import asyncio
import os
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
from email_validator import EmailNotValidError, validate_email

from gateway.errors import WorkFailed, WorkRefused
from gateway.settings import Settings

# For each step of the conversation with the server, whose own limits are minutes.
SMTP_TIMEOUT_SECONDS = 20
# A subject is one line in the list of an inbox.
SUBJECT_CHARACTERS = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NAME = re.compile(r"[A-Za-z0-9-]{1,100}")
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`to` and `reply_to` are addresses without a name. What is not one line in `subject` becomes one.

    A `reply_to` that no header can hold, since it is not ASCII before the @, is left out.
    """

    to: str
    subject: str
    text: str
    reply_to: str | None = None


class Mailer(Protocol):
    async def send(self, letter: Letter, *, name: str, written_at: datetime) -> None:
        """`name` makes the Message-ID: the same for each attempt at one letter, as is the date.

        Raises WorkFailed, or WorkRefused where the letter itself is what nobody takes.
        """


def make_mailer(settings: Settings) -> Mailer:
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, settings.mail_from)
    return FolderMailer(Path(settings.mail_dir), settings.mail_from)


class SmtpMailer:
    """A server may have taken a letter whose answer never came; it knows the repeated one by its Message-ID."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._sender = sender
        self._host = parts.hostname or ""
        self._use_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._use_tls else 25)
        self._username = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send(self, letter: Letter, *, name: str, written_at: datetime) -> None:
        message = written(letter, sender=self._sender, name=name, written_at=written_at)
        try:
            await aiosmtplib.send(
                message,
                hostname=self._host,
                port=self._port,
                username=self._username,
                password=self._password,
                use_tls=self._use_tls,
                start_tls=self._start_tls(),
                timeout=SMTP_TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _refused(refused.recipients[0].code) from None
        except aiosmtplib.SMTPDataError as refused:
            raise _refused(refused.code) from None
        except aiosmtplib.SMTPResponseException as answered:
            # What it said may hold addresses, or what we logged in with.
            raise WorkFailed(f"The mail server answered {answered.code} ({type(answered).__name__})") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise WorkFailed(f"The mail server could not be used ({type(error).__name__})") from None

    def _start_tls(self) -> bool | None:
        """Where it is offered; always before a password leaves this machine, whatever somebody in between says."""
        if self._use_tls or self._host in _THIS_MACHINE:
            return False
        return True if self._username else None


class FolderMailer:
    """Written whole under its name or not at all, and once: a file that is there is left as it is."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, letter: Letter, *, name: str, written_at: datetime) -> None:
        message = written(letter, sender=self._sender, name=name, written_at=written_at)
        try:
            await asyncio.to_thread(self._put, f"{name}.eml", message.as_bytes())
        except OSError as error:
            raise WorkFailed(f"The folder for mail could not be written to ({error.strerror})") from None

    def _put(self, name: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._folder / f".{name}.{secrets.token_hex(4)}"
        try:
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # A link, unlike a renaming, never takes the place of a file.
            (self._folder / name).hardlink_to(draft)
            _sync(self._folder)
        except FileExistsError:
            return
        finally:
            draft.unlink(missing_ok=True)


def written(letter: Letter, *, sender: str, name: str, written_at: datetime) -> EmailMessage:
    """The letter as it goes over the wire. Raises WorkRefused where an address is none."""
    if not _NAME.fullmatch(name):
        raise ValueError("A letter's name is part of its Message-ID and of its file's name")
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = _address(letter.to)
    if letter.reply_to is not None and _local_part(letter.reply_to).isascii():
        message["Reply-To"] = _address(letter.reply_to)
    message["Subject"] = _CONTROL.sub(" ", letter.subject).strip()[:SUBJECT_CHARACTERS]
    message["Date"] = format_datetime(written_at)
    message["Message-ID"] = f"<{name}@{message['From'].addresses[0].domain}>"
    # Out-of-office notices should not answer it.
    message["Auto-Submitted"] = "auto-generated"
    # Seven bits, which every server takes.
    message.set_content(_NOT_TEXT.sub("", letter.text), cte="quoted-printable")
    return message


def _address(text: str) -> Address:
    try:
        found = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise WorkRefused("The address is none that mail can be sent to") from None
    if not _local_part(found.normalized).isascii():
        raise WorkRefused("The address is not ASCII before the @, which no header can hold")
    return Address(addr_spec=found.ascii_email or found.normalized)


def _local_part(address: str) -> str:
    return address.rpartition("@")[0]


def _refused(code: int) -> WorkFailed:
    """Servers promise that what they answer with a five holds for good; all else may pass."""
    kind = WorkRefused if code >= 500 else WorkFailed
    return kind(f"The mail server did not take the letter: it answered {code}")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
