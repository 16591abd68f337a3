"""Long answers: a file or a generator's chunks, one piece after the other, as fast as the client takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kefu.config.adapter.peer import Peer
from kefu.config.adapter.refusals import ClientGone
from kefu.config.adapter.sending import Outgoing
from kefu.config.adapter.threads import Threads
from kefu.config.adapter.wsgi import Answer


async def stream(answer: Answer, thread: Threads, peer: Peer, outgoing: Outgoing) -> None:
    """Send head and body. Raises ClientGone or TooSlow; a view's own error comes through."""
    if answer.file is not None:
        await outgoing.start(answer.status, answer.headers)
        await send_file(answer.file.read, thread, peer, outgoing)
    elif answer.chunks is not None:
        await _send_chunks(answer, answer.chunks, thread, peer, outgoing)


async def send_file(read: Callable[[int], bytes], thread: Threads, peer: Peer, outgoing: Outgoing) -> None:
    """Read one piece ahead, so that the last one is known as such; the thread is free between two pieces."""
    size = outgoing.limits.piece
    data = await thread.call(read, size)
    while data:
        if peer.is_gone:
            raise ClientGone
        following = await thread.call(read, size)
        await outgoing.piece(data, more=bool(following))
        if not following:
            return
        data = following
    await outgoing.piece(b"", more=False)


async def _send_chunks(
    answer: Answer, chunks: Iterator[bytes], thread: Threads, peer: Peer, outgoing: Outgoing
) -> None:
    await thread.call(answer.move_here, context=answer.context)
    # The first chunk comes before the head, so that an error in it is still a 500.
    chunk = await thread.call(_next, chunks, context=answer.context)
    await outgoing.start(answer.status, answer.headers)
    while chunk:
        if peer.is_gone:
            raise ClientGone
        await outgoing.data(chunk, more=True)
        chunk = await thread.call(_next, chunks, context=answer.context)
    await outgoing.piece(b"", more=False)


def _next(chunks: Iterator[bytes]) -> bytes:
    """The next chunk that holds anything, or nothing at the end."""
    return next((chunk for chunk in chunks if chunk), b"")
