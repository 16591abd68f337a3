"""Asking the ledger for somebody, and telling them what is theirs to hear.

Everybody hears what the chain shows. What the account shows is told to its owner alone: a customer whom the platform vouches
for as the very user whose deposit it is. To all others a deposit of somebody else's and one of nobody's are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kefu.accounts.models import Identity, IdentityKind, Level
from kefu.accounts.policy import May, allows
from kefu.accounts.viewers import CustomerViewer
from kefu.brands.models import Brand
from kefu.cases.deposits.standings import UNPROVEN, WAITING, Told
from kefu.exchange import ledger
from kefu.exchange.chains.catalogue import Network, catalogue
from kefu.exchange.ledger import Busy, InAccount, OnChain, Question, Standing, Traced, Unavailable

OF_STANDING = {
    Standing.CREDITED: Told.CREDITED,
    Standing.HELD: Told.HELD,
    Standing.MISSING_MEMO: Told.MISSING_MEMO,
    Standing.BELOW_MINIMUM: Told.BELOW_MINIMUM,
    Standing.WRONG_NETWORK: Told.WRONG_NETWORK,
}


@dataclass(frozen=True)
class Answer:
    """`chain` and `network` are there if the transaction was found, `account` for its owner alone.

    `left` is how long the rest usually takes, `again_in` when to ask a ledger again that can't say just now, where it is
    known. `is_vouched`: the platform has said who asks.
    """

    told: Told
    chain: OnChain | None = None
    network: Network | None = None
    account: InAccount | None = None
    left: timedelta | None = None
    again_in: timedelta | None = None
    coin: str = ""
    is_vouched: bool = False

    @property
    def needs_confirming(self) -> bool:
        """Has the customer to say that it is a TxID, before it is kept?"""
        return self.told in UNPROVEN

    @property
    def is_waiting(self) -> bool:
        return self.told in WAITING


@dataclass(frozen=True)
class _Owned:
    """A deposit as the policy sees it."""

    brand_id: int
    customer_id: int | None

    @property
    def pk(self) -> int | None:
        return None


def trace(
    *, brand: Brand, viewer: CustomerViewer | None, coin: str, network: str, txid: str, is_sure: bool = True
) -> Answer:
    """`network` is where to look first; `is_sure` says that the customer chose it themselves."""
    user_id = _user_id(viewer)
    vouched = bool(user_id)
    if ledger.source() is None:
        return Answer(Told.NOT_CONNECTED, is_vouched=vouched)
    question = Question(brand=brand.key, coin=coin, network=network, txid=txid, user_id=user_id)
    try:
        traced = ledger.trace(question)
    except Unavailable as problem:
        told = Told.BUSY if isinstance(problem, Busy) else Told.UNAVAILABLE
        return Answer(told, again_in=problem.retry_after, is_vouched=vouched)
    if traced is None or traced.chain.network not in catalogue().networks:
        return Answer(Told.UNKNOWN, is_vouched=vouched)
    account = _own_account(brand, viewer, user_id, traced)
    return Answer(
        told=_name(traced.chain, account, network if is_sure else "", vouched=vouched),
        chain=traced.chain,
        network=catalogue().networks[traced.chain.network],
        account=account,
        left=_left(traced.chain),
        coin=coin,
        is_vouched=vouched,
    )


def _name(chain: OnChain, account: InAccount | None, chosen: str, *, vouched: bool) -> Told:
    if account and account.standing in OF_STANDING:
        return OF_STANDING[account.standing]
    if chosen and chain.network != chosen:
        return Told.OTHER_NETWORK
    if chain.confirmations < chain.needed:
        return Told.CONFIRMING if chain.confirmations else Told.SEEN
    if account:
        return Told.COMPLETE
    return Told.NOT_YOURS if vouched else Told.CONFIRMED


def _left(chain: OnChain) -> timedelta | None:
    missing = chain.needed - chain.confirmations
    if missing <= 0:
        return None
    block_time = catalogue().networks[chain.network].block_time
    return chain.expected_in or (missing * block_time if block_time else None)


def _user_id(viewer: CustomerViewer | None) -> str | None:
    """Who the platform says that they are; None for whoever came by a private link, or in another way."""
    if viewer is None or viewer.only_conversation_id is not None:
        return None
    found = Identity.objects.filter(
        customer_id=viewer.customer_id, kind=IdentityKind.PLATFORM, level=Level.VOUCHED
    )
    identity = found.first()
    return str(identity.value) if identity else None


def _own_account(
    brand: Brand, viewer: CustomerViewer | None, user_id: str | None, traced: Traced
) -> InAccount | None:
    """The account's side if the policy lets this viewer hear it, whatever the ledger gave out."""
    account = traced.account
    if account is None or viewer is None or not user_id:
        return None
    owner = viewer.customer_id if account.user_id == user_id else None
    return account if allows(viewer, May.READ_DEPOSIT, _Owned(brand.pk, owner)) else None
