"""Letters: whole, once, to whom they should go and to nobody else, and never with a password in what is told."""

import asyncio
import socket
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from gateway.errors import WorkFailed, WorkRefused
from gateway.mail import FolderMailer, Letter, make_mailer, written
from gateway.settings import Settings, SettingsError

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SENDER = "Partner Gateway <gateway@example.com>"
LETTER = Letter(to="mo@example.org", subject="A lead", text="Somebody asks for you.\n")


def send(mailer, letter=LETTER, name="work-1"):
    asyncio.run(mailer.send(letter, name=name, written_at=NOW))


def read(content):
    return message_from_bytes(content, policy=default)


class Server(Controller):
    """Keeps what it takes; `answers` are what it says to the next letters instead of taking them."""

    def __init__(self, *answers, **options):
        self.taken, self.recipients, self.answers = [], [], list(answers)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        handler = SimpleNamespace(handle_RCPT=self.rcpt, handle_DATA=self.data)
        super().__init__(handler, "127.0.0.1", port, **options)

    async def rcpt(self, _server, _session, envelope, address, _options):
        if self.answers and self.answers[0].startswith("rcpt "):
            return self.answers.pop(0).removeprefix("rcpt ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def data(self, _server, _session, envelope):
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(envelope.content)
        self.recipients.append(envelope.rcpt_tos)
        return "250 OK"

    def url(self, login=""):
        return f"smtp://{login}127.0.0.1:{self.port}"

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()


def smtp(url):
    return make_mailer(Settings(smtp_url=url, mail_from=SENDER).checked())


def test_a_letter_arrives_by_smtp():
    with Server() as server:
        send(smtp(server.url()))
    [content] = server.taken
    message = read(content)
    assert server.recipients == [["mo@example.org"]]
    assert {name: message[name] for name in ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted")} == {
        "From": "Partner Gateway <gateway@example.com>",
        "To": "mo@example.org",
        "Subject": "A lead",
        "Date": "Fri, 02 Jan 2026 03:04:05 +0000",
        "Message-ID": "<work-1@example.com>",
        "Auto-Submitted": "auto-generated",
    }
    assert message.get_content() == "Somebody asks for you.\r\n"


def test_what_is_not_ascii_arrives_as_it_was():
    text = "Grüße aus Köln, 東京 и Москва\n.\nA line of one dot ends nothing.\n"
    letter = Letter(to="mo@bücher.example", subject="Anfrage von Zoë — 日本", text=text, reply_to="zoe@example.net")
    with Server() as server:
        send(smtp(server.url()), letter)
    message = read(server.taken[0])
    assert server.recipients == [["mo@xn--bcher-kva.example"]]
    assert (message["Subject"], message["Reply-To"]) == ("Anfrage von Zoë — 日本", "zoe@example.net")
    assert message.get_content().replace("\r\n", "\n") == text
    assert server.taken[0].isascii()


@pytest.mark.parametrize(
    "hostile", ["A\r\nBcc: all@example.org", "A\nBcc: all@example.org", "A\rBcc: x", "A\x00\x85\u2028B"]
)
def test_a_subject_can_add_no_header(hostile):
    message = written(Letter(to="mo@example.org", subject=hostile, text="x"), sender=SENDER, name="a", written_at=NOW)
    read_back = read(message.as_bytes())
    assert read_back.keys() == message.keys()
    assert "Bcc" not in read_back
    assert read_back["Subject"].startswith("A ")


@pytest.mark.parametrize(
    "hostile",
    [
        "mo@example.org\r\nBcc: all@example.org",
        "mo@example.org, all@example.org",
        "Mo <mo@example.org>",
        "mo@example.org\x00",
        "mo",
        "",
        "mo@[127.0.0.1]",
        '"a\r\nb"@example.org',
    ],
)
@pytest.mark.parametrize("place", ["to", "reply_to"])
def test_an_address_that_is_not_one_is_refused_for_good(hostile, place):
    letter = Letter(**{"to": "mo@example.org", "subject": "A", "text": "x", place: hostile})
    with pytest.raises(WorkRefused) as refused:
        written(letter, sender=SENDER, name="a", written_at=NOW)
    assert refused.value.message == "The address is none that mail can be sent to"


def test_a_text_can_be_no_header_and_no_end_of_the_letter():
    with Server() as server:
        send(smtp(server.url()), Letter(to="mo@example.org", subject="A", text="Bcc: x\r\n.\r\nQUIT\r\n\x00\x1b"))
    message = read(server.taken[0])
    assert "Bcc" not in message
    assert message.get_content() == "Bcc: x\r\n.\r\nQUIT\r\n"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("451 Try later", WorkFailed),
        ("552 No", WorkRefused),
        ("rcpt 450 Greylisted", WorkFailed),
        ("rcpt 550 Nobody of that name", WorkRefused),
    ],
)
def test_what_the_server_says_decides_whether_it_is_tried_again(answer, error):
    with Server(answer) as server:
        mailer = smtp(server.url())
        with pytest.raises(WorkFailed) as refused:
            send(mailer)
        assert type(refused.value) is error
        code = answer.removeprefix("rcpt ")[:3]
        assert refused.value.message == f"The mail server did not take the letter: it answered {code}"
        send(mailer)
    assert len(server.taken) == 1


def test_a_server_that_is_away_is_tried_again():
    with Server() as server:
        mailer = smtp(server.url("user:s3cret@"))
    with pytest.raises(WorkFailed) as failed:
        send(mailer)
    assert type(failed.value) is WorkFailed
    assert failed.value.message == "The mail server could not be used (SMTPConnectError)"


def logins(*known):
    """The server's side of logging in, and who did."""
    told = []

    def check(_server, _session, _envelope, _mechanism, data):
        told.append((data.login, data.password))
        return AuthResult(success=told[-1] in known, handled=False)

    return {"authenticator": check, "auth_require_tls": False}, told


def test_it_logs_in_with_what_the_url_says():
    options, told = logins((b"us@er", b"p:/word"))
    with Server(**options) as server:
        send(smtp(server.url("us%40er:p%3A%2Fword@")))
    assert (told, len(server.taken)) == ([(b"us@er", b"p:/word")], 1)


def test_a_wrong_password_is_told_to_nobody(caplog):
    options, _ = logins((b"user", b"right"))
    with Server(**options) as server, pytest.raises(WorkFailed) as failed:
        send(smtp(server.url("user:s3cret@")))
    assert failed.value.message == "The mail server answered 535 (SMTPAuthenticationError)"
    settings = Settings(smtp_url="smtp://user:s3cret@mail.example")
    assert "s3cret" not in caplog.text + repr(settings)


@pytest.mark.parametrize(
    ("url", "start_tls"),
    [
        ("smtp://mail.example", None),
        ("smtp://user:word@mail.example", True),
        ("smtp://user:word@127.0.0.1", False),
        ("smtps://user:word@mail.example", False),
    ],
)
def test_a_password_leaves_this_machine_only_through_tls(url, start_tls):
    assert smtp(url)._start_tls() is start_tls


@pytest.mark.parametrize("url", ["http://user:s3cret@host", "smtp://", "smtp://u:s3cret@host:port", "s3cret"])
def test_a_url_that_is_none_is_refused_without_being_repeated(url):
    with pytest.raises(SettingsError) as refused:
        Settings(smtp_url=url).checked()
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    "sender", ["", "nobody", "A <a@example.org>\r\nBcc: b@example.org", "a@example.org, b@example.org"]
)
def test_a_sender_that_is_none_is_refused(sender):
    with pytest.raises(SettingsError, match="GATEWAY_MAIL_FROM"):
        Settings(mail_from=sender).checked()


def test_without_a_server_a_letter_is_a_file(tmp_path):
    send(make_mailer(Settings(mail_dir=str(tmp_path / "mail"), mail_from=SENDER)))
    [file] = (tmp_path / "mail").iterdir()
    assert file.name == "work-1.eml"
    assert (read(file.read_bytes())["To"], read(file.read_bytes())["Message-ID"]) == (
        "mo@example.org",
        "<work-1@example.com>",
    )


def test_a_letter_that_is_sent_again_is_the_same_file(tmp_path):
    mailer = FolderMailer(tmp_path, SENDER)
    send(mailer)
    [file] = tmp_path.iterdir()
    first = (file.stat().st_ino, file.read_bytes())
    send(mailer)
    assert [(each.stat().st_ino, each.read_bytes()) for each in tmp_path.iterdir()] == [first]


def test_a_folder_that_takes_no_file_is_tried_again(tmp_path):
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(WorkFailed) as failed:
        send(FolderMailer(tmp_path / "mail", SENDER))
    assert failed.value.message == "The folder for mail could not be written to (File exists)"
    assert str(tmp_path) not in failed.value.message


@pytest.mark.parametrize("name", ["../work", "a b", "", "a\n", "a@b"])
def test_the_name_of_a_letter_is_one_of_ours(name):
    with pytest.raises(ValueError, match="name"):
        written(LETTER, sender=SENDER, name=name, written_at=NOW)


def test_an_address_that_no_header_holds_is_refused_and_one_to_answer_is_left_out():
    unwritable = Letter(to="pelé@example.org", subject="A lead", text="")
    with pytest.raises(WorkRefused):
        written(unwritable, sender=SENDER, name="work-1", written_at=NOW)
    answered = Letter(to="mo@bücher.example.org", reply_to="pelé@example.org", subject="A lead", text="")
    message = written(answered, sender=SENDER, name="work-1", written_at=NOW)
    assert (message["To"], message["Reply-To"]) == ("mo@xn--bcher-kva.example.org", None)
