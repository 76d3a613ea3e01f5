"""Posts until it is ended or the server goes away, and writes down each id that was acknowledged.

python -m tests.ledger.sender NAME FILE    with the environment of the product
"""

from __future__ import annotations

import itertools
import sys
from datetime import UTC, datetime

import django


def main(name: str, path: str) -> None:
    """Post singles and batches, and acknowledge each in the file after the operation has returned."""
    django.setup()
    from django.db import DatabaseError, connection

    from shanshi.kernel.ids import id_of
    from shanshi.ledger import operations
    from tests.ledger.conftest import Books

    at = datetime(2019, 3, 20, 9, 0, tzinfo=UTC)
    books = Books(at)
    with open(path, "a", buffering=1) as acknowledged:
        for turn in itertools.count():
            size = 1 if turn % 3 else 20
            batch = [
                books.posting(f"{name} {n % 7}", "issuer", "coin", 60, id=id_of(name, turn, n))
                for n in range(size)
            ]
            if turn % 5 == 4:
                batch.append(books.posting(f"{name} 0", "coin", "reserved", 30, id=id_of(name, turn, "back")))
            try:
                operations.post(batch, at=at)
            except DatabaseError:
                connection.close()
                sys.exit(0)
            acknowledged.write("".join(f"{posting.id}\n" for posting in batch))


if __name__ == "__main__":
    main(*sys.argv[1:])
