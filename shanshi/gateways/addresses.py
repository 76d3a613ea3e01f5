"""Which addresses may be connected to: every public one, and inside only what the operator has named."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address

from shanshi.gateways.refusals import AddressForbidden, GatewayUnreachable

Address = IPv4Address | IPv6Address

# Services of clouds that give a machine's own secrets to whoever asks from that machine, at a public address.
_METADATA = frozenset({IPv4Address("168.63.129.16")})
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def resolved(host: str, port: int, *, internal: Collection[str] = ()) -> list[str]:
    """Return the addresses of a host, all of them allowed, in the order in which the resolver prefers them.

    host      name or address, as it stands in the URL; any notation that the system understands
    internal  hosts, or host:port, that may lie in a private network or on this machine

    Raises GatewayUnreachable: the name has no address; AddressForbidden: any of its addresses is forbidden.
    """
    name = host.rstrip(".").strip("[]").lower()
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise GatewayUnreachable(gateway=name) from error
    # One forbidden address condemns them all: a name that answers with both is somebody's trick.
    texts = list(dict.fromkeys(str(row[4][0]) for row in found))
    named = name in internal or f"{name}:{port}" in internal
    for text in texts:
        address = ipaddress.ip_address(text)
        if not (is_public(address) or (named and is_inside(address))):
            raise AddressForbidden(host=name)
    if not texts:
        raise GatewayUnreachable(gateway=name)
    return texts


def is_public(address: Address) -> bool:
    """Return whether an address, and the IPv4 address that an IPv6 one may carry, is of the public net."""
    carried = carried_by(address)
    if carried is not None:
        return is_public(carried)
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and address not in _METADATA
    )


def is_inside(address: Address) -> bool:
    """Return whether an address may be used by a host that the operator has named: private, or this machine.

    Link-local addresses, where clouds keep a machine's secrets, never are.
    """
    carried = carried_by(address)
    if carried is not None:
        return is_inside(carried)
    if address.is_loopback:
        return True
    return (
        address.is_private
        and not address.is_link_local
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
        and address not in _CLOUD
    )


def is_loopback(text: str) -> bool:
    """Return whether an address is this machine itself."""
    address = ipaddress.ip_address(text)
    return (carried_by(address) or address).is_loopback


def carried_by(address: Address) -> Address | None:
    """Return the IPv4 address inside an IPv6 address (mapped, 6to4, Teredo, NAT64); None if there is none."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


# The same services, in private ranges.
_CLOUD = frozenset({IPv6Address("fd00:ec2::254"), IPv4Address("192.0.0.192"), IPv4Address("100.100.100.200")})
