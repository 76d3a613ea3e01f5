"""The one way out leads to public addresses and to hosts that the operator has named, and nowhere else."""

from __future__ import annotations

import socket
import threading
import time
from ipaddress import ip_address

import pytest

from shanshi.gateways import addresses, outgoing
from shanshi.gateways.refusals import (
    AddressForbidden,
    AnswerTooLarge,
    AnswerTooSlow,
    AnswerUnreadable,
    GatewayUnreachable,
    SentElsewhere,
)
from tests.gateways.outside import certificates, outside, says


@pytest.fixture
def inside(settings):
    """Name hosts that may lie inside."""

    def name(*hosts: str) -> None:
        settings.SHANSHI_OUTGOING_INTERNAL = frozenset(hosts)

    return name


@pytest.fixture
def resolver(monkeypatch):
    """A resolver that gives the answers of a test, in turn, and remembers which names it was asked."""
    real, asked = socket.getaddrinfo, []

    def answers(*scripted: list[str]) -> list[str]:
        left = list(scripted)

        def getaddrinfo(host, port, *args, **more):
            if host != "city.test":
                return real(host, port, *args, **more)
            asked.append(host)
            return [one for text in left.pop(0) for one in real(text, port, *args, **more)]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return answers


def get(url: str, **more):
    with outgoing.session() as ours:
        return ours.get(url, **more)


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.5.4", "192.168.1.1", "127.0.0.1", "127.8.8.8", "0.0.0.0", "100.64.0.1"),
        *("169.254.169.254", "100.100.100.200", "168.63.129.16", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::7f00:1"),
        *("2002:7f00:1::", "2002:a00:1::", "2001:0:53aa:64c:0:0:5601:fefe"),
    ],
)
def test_what_is_not_public_is_forbidden(address):
    assert not addresses.is_public(ip_address(address))


@pytest.mark.parametrize("address", ["114.114.114.114", "2400:3200::1", "::ffff:114.114.114.114"])
def test_what_is_public_is_allowed(address):
    assert addresses.is_public(ip_address(address))


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        *(("10.0.0.1", True), ("127.0.0.1", True), ("fd12::1", True), ("::ffff:10.0.0.1", True)),
        *(("169.254.169.254", False), ("fe80::1", False), ("fd00:ec2::254", False), ("0.0.0.0", False)),
        *(("::ffff:169.254.169.254", False), ("224.0.0.1", False), ("100.100.100.200", False)),
    ],
)
def test_naming_a_host_opens_the_private_network_and_never_where_clouds_keep_secrets(address, allowed):
    assert addresses.is_inside(ip_address(address)) is allowed


@pytest.mark.parametrize(
    "url",
    [
        *("https://127.0.0.1/", "https://localhost/", "https://localhost./", "https://[::1]/"),
        *(
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://0/",
        ),
        *(
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://169.254.169.254/latest/meta-data",
        ),
        *("http://114.114.114.114/", "http://127.0.0.1/", "ftp://114.114.114.114/", "file:///etc/passwd"),
        *("gopher://114.114.114.114/", "https://lin:secret@114.114.114.114/", "https://a@127.0.0.1/", "//x/"),
        *("https://", "https:///x", "https://114.114.114.114:99999/", "https://a\\@b/", "", "https://[::1"),
    ],
)
def test_the_way_out_refuses_what_is_inside_unencrypted_or_no_plain_address(url):
    with pytest.raises(AddressForbidden) as refused:
        get(url)
    assert "secret" not in str(refused.value)


def test_a_named_host_on_this_machine_is_reached_and_only_at_the_named_port(inside):
    with outside(says('{"well": true}')) as server, outside(says("other")) as other:
        inside(f"127.0.0.1:{server.port}")
        assert get(f"{server.url}/x?y=1").json() == {"well": True}
        with pytest.raises(AddressForbidden):
            get(other.url)
    assert [(method, path) for method, path, _, _ in server.asked] == [("GET", "/x?y=1")]
    assert other.asked == []


def test_production_speaks_no_http_even_to_a_named_host(inside, settings):
    settings.SHANSHI_OUTGOING_PLAIN = False
    with outside(says("x")) as server:
        inside("127.0.0.1")
        with pytest.raises(AddressForbidden):
            get(server.url)
    assert server.asked == []


def test_a_name_is_resolved_once_and_the_call_goes_to_that_address(inside, resolver):
    inside("city.test")
    asked = resolver(["127.0.0.1"], ["127.0.0.2"])
    with outside(says("first")) as server:
        assert get(f"http://city.test:{server.port}/").text == "first"
    assert asked == ["city.test"]
    assert server.asked[0][2]["Host"] == f"city.test:{server.port}"


@pytest.mark.parametrize(
    "answer", [["127.0.0.1"], ["114.114.114.114", "10.0.0.1"], ["::ffff:169.254.169.254"]]
)
def test_a_public_name_that_points_inside_is_refused(resolver, answer):
    resolver(answer)
    with pytest.raises(AddressForbidden) as refused:
        get("https://city.test/")
    assert refused.value.facts == {"host": "city.test"}


def test_the_second_look_at_a_name_is_checked_like_the_first(inside, resolver):
    inside("city.test")
    resolver(["127.0.0.1"], ["169.254.169.254"])
    with outside(says("first")) as server, outgoing.session() as ours:
        url = f"http://city.test:{server.port}/"
        assert ours.get(url).text == "first"
        with pytest.raises(AddressForbidden):
            ours.get(url)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/meta-data", "/same", "file:///etc/passwd"])
def test_no_redirect_is_followed(inside, status, target):
    with outside(says("", status=status, Location=target)) as server:
        inside("127.0.0.1")
        with pytest.raises(SentElsewhere):
            get(server.url, allow_redirects=True)
    assert len(server.asked) == 1


def test_an_answer_without_end_is_cut_off(inside):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    with outside(endless) as server:
        inside("127.0.0.1")
        with pytest.raises(AnswerTooLarge):
            get(server.url)


def test_an_answer_that_announces_too_much_is_not_read(inside):
    with outside(says("x", **{"Content-Length": str(10**12)})) as server:
        inside("127.0.0.1")
        with pytest.raises(AnswerTooLarge):
            get(server.url)


def test_an_answer_in_chunks_is_read_to_its_end(inside):
    def chunks(handler):
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for piece in (b"one ", b"two ", b"three"):
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        handler.wfile.write(b"0\r\n\r\n")

    with outside(chunks) as server:
        inside("127.0.0.1")
        assert get(server.url).text == "one two three"


def test_several_calls_share_one_time(inside):
    inside("127.0.0.1")
    with outside(says("x")) as server, outgoing.within(0.0), pytest.raises(AnswerTooSlow):
        get(server.url)
    with outside(says("x")) as server, outgoing.within(5), outgoing.within(50):
        assert get(server.url).text == "x"


def test_a_packed_answer_stays_packed(inside):
    with outside(says(b"\x1f\x8b\x08bomb", Content_Encoding="gzip")) as server:
        inside("127.0.0.1")
        answer = get(server.url)
        assert answer.content == b"\x1f\x8b\x08bomb"
        with pytest.raises(AnswerUnreadable):
            outgoing.read_json(answer)


@pytest.mark.parametrize("where", ["head", "body"])
def test_an_answer_that_drips_is_ended_at_its_time(inside, monkeypatch, where):
    monkeypatch.setattr(outgoing.Session, "total_seconds", 0.3)
    over = threading.Event()

    def drips(handler):
        if where == "body":
            handler.send_response(200)
            handler.end_headers()
        while not over.wait(0.02):
            handler.wfile.write(b"x")

    with outside(drips) as server:
        inside("127.0.0.1")
        began = time.monotonic()
        with pytest.raises(AnswerTooSlow):
            get(server.url)
        assert time.monotonic() - began < 2
        over.set()


def test_a_handshake_that_drips_is_ended_at_its_time(inside, monkeypatch):
    monkeypatch.setattr(outgoing.Session, "total_seconds", 0.3)
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            peer, _ = listening.accept()
            with peer:
                # A record that announces sixteen thousand bytes of greeting, and brings one at a time.
                peer.sendall(b"\x16\x03\x03\x3f\x00")
                while not over.wait(0.02):
                    try:
                        peer.sendall(b"\x02")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        inside("127.0.0.1")
        began = time.monotonic()
        with pytest.raises(AnswerTooSlow):
            get(f"https://127.0.0.1:{listening.getsockname()[1]}/")
        assert time.monotonic() - began < 2
        over.set()
        thread.join()


def test_a_silent_server_is_not_waited_for(inside, monkeypatch):
    monkeypatch.setattr(outgoing.Session, "timeout", (1.0, 0.1))
    over = threading.Event()
    with outside(lambda handler: over.wait(5)) as server:
        inside("127.0.0.1")
        with pytest.raises(AnswerTooSlow):
            get(server.url)
        over.set()


def test_nobody_there_is_a_refusal_and_no_defect(inside):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    inside("127.0.0.1")
    with pytest.raises(GatewayUnreachable):
        get(f"http://127.0.0.1:{port}/")


def test_a_name_that_nobody_knows_is_a_refusal_and_no_defect(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(GatewayUnreachable):
        get("https://city.test/")


def test_the_environment_gives_no_proxy_and_no_password(inside, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login lin password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with outside(says("proxy")) as proxy, outside(says("server")) as server:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        inside("127.0.0.1")
        assert get(server.url, proxies={"http": proxy.url}).text == "server"
    assert proxy.asked == []
    assert "Authorization" not in server.asked[0][2]


def test_encryption_is_checked_for_the_name_although_the_address_is_dialed(
    inside, resolver, settings, tmp_path
):
    authority, tls = certificates(tmp_path, "city.test")
    names: list[str | None] = []
    tls.sni_callback = lambda _socket, name, _context: names.append(name)
    inside("city.test", "127.0.0.1")
    resolver(["127.0.0.1"], ["127.0.0.1"])
    with outside(says("sealed"), tls=tls) as server:
        url = f"https://city.test:{server.port}/"
        with pytest.raises(GatewayUnreachable):
            get(url)  # signed by an authority that nobody knows
        settings.SHANSHI_OUTGOING_CA = str(authority)
        assert get(url, verify=False).text == "sealed"
        with pytest.raises(GatewayUnreachable):
            get(f"https://127.0.0.1:{server.port}/", verify=False)  # not the certificate's name
    assert names[:2] == ["city.test", "city.test"]
    assert len(server.asked) == 1


def test_what_goes_wrong_never_shows_more_of_an_address_than_its_host(inside):
    inside("127.0.0.1")
    with outside(says("", status=302, Location="/")) as server, pytest.raises(SentElsewhere) as refused:
        get(f"{server.url}/path?token=secret")
    assert refused.value.facts == {"host": "127.0.0.1"}
