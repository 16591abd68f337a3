"""Who is looking: a customer by their session, or an agent by theirs."""

from __future__ import annotations

from dataclasses import dataclass

from kefu.journal.actor import Actor, customer_actor


@dataclass(frozen=True)
class CustomerViewer:
    customer_id: int
    brand_id: int
    only_conversation_id: int | None = None

    @property
    def actor(self) -> Actor:
        return customer_actor(self.customer_id)
