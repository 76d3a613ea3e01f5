"""What lies outside: real servers on the loopback, which answer what a test tells them to."""

from __future__ import annotations

import datetime as dt
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Outside:
    """A running server: where it is, and what it was asked."""

    port: int
    scheme: str = "http"
    host: str = "127.0.0.1"
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self.scheme}://{self.host}:{self.port}"


@contextmanager
def outside(answer: Answer, *, tls: ssl.SSLContext | None = None) -> Iterator[Outside]:
    """Run a server that answers every request by `answer`, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            running.asked.append((self.command, self.path, dict(self.headers.items()), body))
            answer(self)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """The other side hung up, as the test meant it to."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    running = Outside(server.server_address[1], "https" if tls else "http")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def says(body: bytes | str, *, status: int = 200, **headers: str) -> Answer:
    """An answer with a body; `Content_Type` in the names of headers stands for Content-Type."""
    content = body.encode() if isinstance(body, str) else body

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def certificates(folder: Path, *names: str) -> tuple[Path, ssl.SSLContext]:
    """Return the file of a new authority, and a server's side with its certificate for these names."""
    now = dt.datetime.now(dt.UTC)

    def signed(subject: str, key: Any, issuer: str, by: Any, *, authority: bool) -> x509.Certificate:
        one = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)]))
            .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False
            )
        )
        if not authority:
            names_of = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            one = one.add_extension(names_of, critical=False)
        return one.sign(by, hashes.SHA256())

    root, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = folder / "authority.pem"
    pem = serialization.Encoding.PEM
    root_cert = signed("An authority of a test", root, "An authority of a test", root, authority=True)
    authority.write_bytes(root_cert.public_bytes(pem))
    chain, key_file = folder / "server.pem", folder / "server.key"
    chain.write_bytes(
        signed(names[0], leaf, "An authority of a test", root, authority=False).public_bytes(pem)
    )
    key_file.write_bytes(
        leaf.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key_file)
    return authority, context
