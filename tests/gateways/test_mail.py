"""E-mail: the fake's promises, and SMTP against a small server that answers as it is told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import Any

import pytest

from shanshi.foundation import outbox
from shanshi.gateways import mail
from shanshi.gateways.refusals import (
    AddressForbidden,
    GatewayNotConfigured,
    GatewayUnreachable,
    MailboxNotServed,
    OutcomeUnknown,
)

ADDRESS = "lin@mail.example"
GOOD = {"EHLO": "250 here", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go", ".": "250 taken"}


class Server:
    """Answers each command by its first word; an empty answer hangs up."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = {**GOOD, **answers}
        self.letters: list[str] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        try:
            while True:
                connection, _ = self.socket.accept()
                with connection, connection.makefile("rw", encoding="utf-8", newline="\r\n") as lines:
                    self.speak(lines)
        except OSError:
            return

    def speak(self, lines: Any) -> None:
        def say(text: str) -> bool:
            if text:
                lines.write(f"{text}\r\n")
                lines.flush()
            return bool(text)

        say("220 small")
        letter: list[str] | None = None
        for line in lines:
            line = line.rstrip("\r\n")
            if letter is not None and line != ".":
                letter.append(line)
                continue
            word = line.split(" ")[0].split(":")[0].upper() or line
            if letter is not None:
                self.letters.append("\n".join(letter))
                letter = None
            answer = self.answers.get(word, "250 ok" if word != "QUIT" else "221 bye")
            if word == "DATA" and answer.startswith("354"):
                letter = []
            if not say(answer) or word == "QUIT":
                return


@contextmanager
def server(settings: Any, **answers: str) -> Iterator[Server]:
    settings.SHANSHI_FAKE_GATEWAYS = False
    settings.SHANSHI_MAIL_GATEWAY = "shanshi.gateways.mail.SmtpMail"
    settings.SHANSHI_OUTGOING_INTERNAL = frozenset({"127.0.0.1"})
    made = Server({"." if name == "end" else name: answer for name, answer in answers.items()})
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "善时 <notices@city.example>"
    settings.EMAIL_TIMEOUT = 2
    try:
        yield made
    finally:
        made.socket.close()


def test_a_letter_is_handed_over_once_and_reads_as_it_was_written(settings: Any) -> None:
    with server(settings) as post:
        mail.gateway().send(ADDRESS, "有名额\r\nBcc: all@mail.example", "图书馆 9:00")
        (sent,) = post.letters
    letter = message_from_bytes(sent.encode())
    assert str(make_header(decode_header(letter["Subject"]))) == "有名额 Bcc: all@mail.example"
    assert letter["Bcc"] is None
    assert letter["To"] == ADDRESS
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@city.example>")
    body = letter.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().strip() == "图书馆 9:00"


@pytest.mark.parametrize(
    ("answers", "refusal"),
    [
        ({"RCPT": "550 nobody here"}, MailboxNotServed),
        ({"RCPT": "450 later"}, GatewayUnreachable),
        ({"MAIL": "451 busy"}, GatewayUnreachable),
        ({"DATA": "554 no"}, GatewayUnreachable),
        ({"end": "452 full"}, GatewayUnreachable),
        ({"EHLO": "", "HELO": ""}, GatewayUnreachable),
    ],
    ids=str,
)
def test_what_the_server_declines_was_not_sent(settings: Any, answers: Any, refusal: Any) -> None:
    with server(settings, **answers), pytest.raises(refusal) as refused:
        mail.gateway().send(ADDRESS, "x", "y")
    assert not isinstance(refused.value, OutcomeUnknown)


def test_a_server_that_hangs_up_on_the_text_leaves_it_open(settings: Any) -> None:
    with server(settings, end="") as post, pytest.raises(OutcomeUnknown):
        mail.gateway().send(ADDRESS, "x", "y")
    assert len(post.letters) == 1


def test_a_server_that_is_not_there_has_sent_nothing(settings: Any) -> None:
    with server(settings), socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        settings.EMAIL_PORT = nobody.getsockname()[1]
        with pytest.raises(GatewayUnreachable) as refused:
            mail.gateway().send(ADDRESS, "x", "y")
    assert not isinstance(refused.value, OutcomeUnknown)


def test_a_server_inside_that_nobody_named_is_not_asked(settings: Any) -> None:
    with server(settings) as post:
        settings.SHANSHI_OUTGOING_INTERNAL = frozenset()
        with pytest.raises(AddressForbidden):
            mail.gateway().send(ADDRESS, "x", "y")
    assert post.letters == []


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("SHANSHI_MAIL_GATEWAY", "SHANSHI_MAIL_GATEWAY"),
        ("EMAIL_HOST", "SHANSHI_SMTP_HOST"),
        ("DEFAULT_FROM_EMAIL", "SHANSHI_MAIL_FROM"),
    ],
)
def test_what_is_not_configured_is_named(settings: Any, setting: str, named: str) -> None:
    with server(settings):
        setattr(settings, setting, "")
        with pytest.raises(GatewayNotConfigured) as refused:
            mail.gateway()
    assert refused.value.facts["setting"] == named


@pytest.mark.django_db
def test_the_fake_keeps_letters_for_mailboxes_that_nobody_has() -> None:
    mail.gateway().send(ADDRESS, "a\nsubject", "text")
    (kept,) = outbox.messages(phone=ADDRESS)
    assert kept.text == "a subject\n\ntext"
    for address in ("lin@mail.com", "lin@example.com.evil.net"):
        with pytest.raises(MailboxNotServed):
            mail.gateway().send(address, "x", "y")
    assert len(outbox.messages()) == 1
