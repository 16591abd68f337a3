"""From an ASGI request to a Django thread and back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from kefu.config.adapter.asgi_types import Receive, Scope, Send
from kefu.config.adapter.environ import environ_of
from kefu.config.adapter.limits import Limits
from kefu.config.adapter.peer import Peer
from kefu.config.adapter.proxies import Proxies
from kefu.config.adapter.refusals import ClientGone, Refused, TooSlow
from kefu.config.adapter.sending import Outgoing
from kefu.config.adapter.spool import Body, has_body, no_body, refuse_what_is_declared_too_large, spool
from kefu.config.adapter.streams import stream
from kefu.config.adapter.threads import StreamThreads, Threads
from kefu.config.adapter.uploads import Uploads
from kefu.config.adapter.wsgi import Answer, Application, call

log = logging.getLogger("kefu.adapter")
Result = TypeVar("Result")


class Adapter:
    """An ASGI application for http scopes, around a WSGI application that runs in a few threads of ours."""

    def __init__(
        self, application: Application, *, limits: Limits | None = None, proxies: Proxies | None = None
    ) -> None:
        self.application = application
        self.limits = limits or Limits()
        self.proxies = proxies or Proxies(())
        self.django = Threads("django", self.limits.django_threads, most_waiting=self.limits.waiting)
        self.patient = Threads("patient", self.limits.patient_threads, most_waiting=self.limits.waiting)
        self.bulk = Threads("bulk", self.limits.bulk_threads, most_waiting=self.limits.waiting)
        self.streams = StreamThreads(self.limits.stream_threads)
        self.uploads = Uploads(self.limits)

    def start(self) -> None:
        self.django.start()
        self.patient.start()
        self.bulk.start()
        self.streams.start()

    def stop(self) -> None:
        """Let idle threads end. It waits for none: the server has waited for the requests already."""
        self.django.stop()
        self.patient.stop()
        self.bulk.stop()
        self.streams.stop()

    async def run(self, work: Callable[[], Result]) -> Result:
        """Run something else that needs the database, on a stream thread, which no page waits for."""
        with self.streams.lend() as thread:
            return await thread.call(work)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        outgoing = Outgoing(send, self.limits)
        try:
            body = await self._take_body(scope, receive)
        except ClientGone:
            return
        except Refused as why:
            await _refuse(outgoing, why, unread=receive)
            return
        peer = Peer(receive)
        try:
            await self._serve(scope, body, peer, outgoing)
        except Refused as why:
            await _refuse(outgoing, why)
        finally:
            peer.stop_watching()
            self._close(body)

    async def _take_body(self, scope: Scope, receive: Receive) -> Body:
        if not has_body(scope):
            return no_body()
        refuse_what_is_declared_too_large(scope, self.limits)
        with self.uploads.place(self.proxies.origin(scope).address):
            return await spool(scope, receive, limits=self.limits, streams=self.streams)

    async def _serve(self, scope: Scope, body: Body, peer: Peer, outgoing: Outgoing) -> None:
        try:
            answer = await self._answer(scope, body, peer)
            await self._send(answer, peer, outgoing)
        except (ClientGone, TooSlow):
            return
        except Refused:
            raise
        except Exception as problem:
            log.exception("request failed", extra={"method": scope["method"]})
            if not outgoing.has_started:
                raise Refused from problem
            await outgoing.cut()

    async def _answer(self, scope: Scope, body: Body, peer: Peer) -> Answer:
        environ = environ_of(scope, body=body, origin=self.proxies.origin(scope))
        threads = self._threads_for(scope["path"])
        job = threads.submit(call, self.application, environ)
        job.unwanted = self._end

        def give_up() -> None:
            if threads.cancel(job):
                job.future.set_exception(ClientGone())

        peer.when_gone(give_up)
        try:
            return await job.future
        except asyncio.CancelledError:
            threads.cancel(job)
            raise

    def _threads_for(self, path: str) -> Threads:
        if path in self.limits.patient_paths:
            return self.patient
        return self.bulk if path in self.limits.bulk_paths else self.django

    async def _send(self, answer: Answer, peer: Peer, outgoing: Outgoing) -> None:
        if answer.is_whole:
            await outgoing.whole(answer.status, answer.headers, answer.body)
            return
        with self.streams.lend() as thread:
            try:
                await stream(answer, thread, peer, outgoing)
            finally:
                answer.end_on(thread)

    def _end(self, answer: Answer) -> None:
        with self.streams.lend() as thread:
            answer.end_on(thread)

    def _close(self, body: Body) -> None:
        # Giving the space of a large file back takes the disk a moment.
        if body.is_on_disk:
            with self.streams.lend() as thread:
                thread.forget(body.file.close)


async def _refuse(outgoing: Outgoing, why: Refused, *, unread: Receive | None = None) -> None:
    with suppress(TooSlow):
        await outgoing.refuse(why, unread=unread)
