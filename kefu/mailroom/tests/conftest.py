from __future__ import annotations

import pytest

from kefu.mailroom import transports


@pytest.fixture(autouse=True)
def _no_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A house of its own: the demo's outbox takes no letter of these tests."""
    monkeypatch.setattr(transports, "_stand_in", [])
