"""The product's end of a request: a page that is kept goes out in the moment it is asked for, past the steps of ASGI.

uvicorn's own way stays for all else: what has to be drawn, what comes before an earlier request is answered, a connection
that ends with its answer, and a client who hasn't yet taken what it was sent.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from kefu.config.kept.answers import Answer


class KeptFirst(HttpToolsProtocol):
    """Asks `at_once` of its application, where it has one, before it asks the application itself."""

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        answer = self._kept(cycle, app)
        if answer is None:
            # After an answer of ours the clock of an idle connection runs already.
            self._unset_keepalive_if_required()
            super()._start_asgi_task(cycle, app)
            return
        given = [b"%b: %b\r\n" % header for header in self.server_state.default_headers]
        self.transport.write(b"".join((answer.line, *given, answer.fields, answer.body)))
        cycle.response_started = cycle.response_complete = True
        self.on_response_complete()

    def _kept(self, cycle: RequestResponseCycle, app: Any) -> Answer | None:
        # With others waiting, each answer of ours would be given out of the one before, as deep as they are many.
        if self.pipeline or not cycle.keep_alive or self.transport.get_write_buffer_size():
            return None
        at_once = getattr(app, "at_once", None)
        found: Answer | None = at_once(cycle.scope) if at_once else None
        return found
