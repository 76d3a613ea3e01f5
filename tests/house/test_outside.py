"""Whoever leaves the building goes through the gateways: libraries that fetch on their own are not used."""

import ast

import pytest

from tests.house.code import ROOT, files, room, tree

# The import contract forbids the libraries; these fetch behind the name of something harmless.
FETCHING = {
    "http.client",
    "urllib.request",
    "jwt.PyJWKClient",
    "jwt.jwks_client",
    "requests_oauthlib",
    "socketserver",
    "xmlrpc.client",
}
# `cli` starts servers on this machine, and asks them whether they answer.
LEAVING = {"gateways", "cli"}


@pytest.mark.parametrize(
    "path",
    [path for path in files("shanshi") if room(path) not in LEAVING],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_nothing_but_a_gateway_fetches(path):
    named = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            named.add(f"{node.value.id}.{node.attr}")
    assert not named & FETCHING, "ask gateways.outgoing for a session"
