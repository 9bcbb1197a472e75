"""The worker of the server: one request at a time, and only such as have come in.

Gunicorn's own worker of this kind reads from one client until it has sent all: a few
slow clients stop it. This one gathers what many clients send, answers each whose
request is whole, and sends many answers at their clients' pace. Where many requests
are refused, the answers to the next ones wait a little: a client that sends nothing
right is slowed down, and the others are not.
"""

import json
import os
import selectors
import socket
import time
from http import HTTPStatus

from gunicorn import http, util
from gunicorn.http import errors
from gunicorn.workers.sync import SyncWorker

from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.problems import Problem, RefusalError
from openfisca_isv.web.api.headers import security_headers
from openfisca_isv.web.api.journal import LOGGER
from openfisca_isv.web.server.brake import Brake
from openfisca_isv.web.server.visitor import Visitor

#: Connections that a worker keeps; the oldest has to go for one more.
_MOST_VISITORS = 500
#: Bytes of requests and answers that a worker keeps, in bodies of the largest size.
_MOST_BODIES = 32
#: Seconds after which a worker looks up, to tell the master that it is alive.
_LOOK_UP_SECONDS = 1

#: Seconds that a worker goes on at its end for those whose request is coming in.
_END_SECONDS = 3
#: Seconds between the tries of a heavy request, while others have their turn.
_TRY_AGAIN_SECONDS = (0.2, 0.4, 0.8, 1.6, 1.6)
_MOST_TRYING_AGAIN = 16
_BUSY = b"HTTP/1.1 429"

_STATUSES = {
    errors.LimitRequestHeaders: (431, "headers_too_long"),
    errors.LimitRequestLine: (414, "address_too_long"),
}


class Worker(SyncWorker):
    """A worker that attends to many clients and answers one at a time."""

    @property
    def limits(self) -> Limits:
        """Give the limits of the server."""
        return self.app.limits

    def run(self) -> None:
        """Answer requests until the server stops."""
        self._visitors: dict[int, Visitor] = {}
        self._brake = Brake(self.limits.quick_refusals)
        with selectors.DefaultSelector() as self._selector:
            for listener in self.sockets:
                listener.setblocking(False)
                self._selector.register(listener, selectors.EVENT_READ)
            self._selector.register(self.PIPE[0], selectors.EVENT_READ)
            while self.alive and self.is_parent_alive():
                self._attend_once()
            # Those who are here are answered, and nobody else is let in.
            for listener in self.sockets:
                self._selector.unregister(listener)
            until = time.monotonic() + _END_SECONDS
            while self._visitors and time.monotonic() < until:
                self._attend_once()
            for visitor in list(self._visitors.values()):
                self._send_away(visitor)

    def _attend_once(self) -> None:
        """Deal with all that is ready, once something is."""
        self.notify()
        for key, _ in self._selector.select(self._patience()):
            self._attend(key)
        self._look_at_the_clock()

    def _patience(self) -> float:
        """Tell how long nothing needs to be done."""
        held = [each.held_until for each in self._visitors.values() if each.is_held]
        if not held:
            return _LOOK_UP_SECONDS
        return min(max(min(held) - time.monotonic(), 0), _LOOK_UP_SECONDS)

    def _attend(self, key: selectors.SelectorKey) -> None:
        """Deal with what is ready: a signal, a new connection, or a known one."""
        if key.fileobj == self.PIPE[0]:
            os.read(self.PIPE[0], 1)
        elif key.data is None:
            self._accept(key.fileobj)
        elif self._visitors.get(key.fd) is key.data:
            self._continue(key.data)

    def _accept(self, listener: object) -> None:
        """Accept a connection, where another worker has not."""
        try:
            client, address = listener.accept()
        except OSError:
            return
        util.close_on_exec(client)
        most, seconds = self.limits.body_bytes, self.limits.read_seconds
        self._continue(Visitor(client, address, listener, most, seconds))

    def _continue(self, visitor: Visitor) -> None:
        """Go on with a connection, as far as the client allows."""
        try:
            if visitor.answer is None and visitor.receive():
                self._answer(visitor)
            if visitor.is_sending:
                if visitor.send():
                    self._close(visitor)
                    return
            elif visitor.answer is not None and not visitor.is_held:
                visitor.forget()
        except OSError:
            self._close(visitor)
            return
        self._keep(visitor)

    def _answer(self, visitor: Visitor) -> None:
        """Answer a request that is whole."""
        began = time.monotonic()
        try:
            source = iter([bytes(visitor.received)])
            request = next(http.RequestParser(self.cfg, source, visitor.address))
            self.handle_request(visitor.listener, request, visitor, visitor.address)
        except (errors.NoMoreData, StopIteration):
            self._refuse(visitor, 400, "bad_request")
        except errors.ParseException as error:
            self._refuse(visitor, *_STATUSES.get(type(error), (400, "bad_request")))
        except Exception:  # noqa: BLE001
            LOGGER.exception("failure")
            visitor.answer = None
            self._refuse(visitor, 500, "internal_error")
        if self._may_try_again(visitor):
            visitor.try_again(_TRY_AGAIN_SECONDS[visitor.tries])
        else:
            visitor.start_sending(self._brake.seconds(bytes(visitor.answer[:20])))
        # What a client sent in the meantime was not late.
        busy = time.monotonic() - began
        for other in self._visitors.values():
            other.until += busy

    def _may_try_again(self, visitor: Visitor) -> bool:
        """Tell whether a request that came at a bad time may wait for a better one."""
        if not visitor.answer.startswith(_BUSY):
            return False
        trying = sum(each.tries > 0 for each in self._visitors.values())
        return visitor.tries < len(_TRY_AGAIN_SECONDS) and trying < _MOST_TRYING_AGAIN

    def _refuse(self, visitor: Visitor, status: int, code: str) -> None:
        """Answer what is no request."""
        phrase = HTTPStatus(status).phrase
        remedy = "Send a request as /spec describes it"
        problem = Problem("", None, f"the request is refused: {phrase.lower()}", remedy)
        body = json.dumps(RefusalError(status, code, problem).as_json()) + "\n"
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Connection": "close",
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": "no-store",
            **security_headers("application/json"),
        }
        lines = [f"HTTP/1.1 {status} {phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        LOGGER.info("request", extra={"facts": {"status": status, "code": code}})
        visitor.sendall("\r\n".join([*lines, "", body]).encode())

    def _keep(self, visitor: Visitor) -> None:
        """Keep a connection, and watch for what it waits for."""
        number = visitor.client.fileno()
        if number not in self._visitors:
            kept = sum(each.kept_bytes for each in self._visitors.values())
            is_full = kept > _MOST_BODIES * self.limits.body_bytes
            if self._visitors and (is_full or len(self._visitors) >= _MOST_VISITORS):
                self._send_away(next(iter(self._visitors.values())))
            self._visitors[number] = visitor
        self._watch(visitor)

    def _watch(self, visitor: Visitor) -> None:
        """Wait until a client sends, or takes, or neither while its answer is held."""
        number = visitor.client.fileno()
        event = selectors.EVENT_WRITE if visitor.is_sending else selectors.EVENT_READ
        known = self._selector.get_map().get(number)
        if visitor.is_held:
            if known:
                self._selector.unregister(visitor.client)
        elif known is None:
            self._selector.register(visitor.client, event, visitor)
        elif known.events != event:
            self._selector.modify(visitor.client, event, visitor)

    def _look_at_the_clock(self) -> None:
        """Go on with what was held, and send away who is late."""
        now = time.monotonic()
        for visitor in list(self._visitors.values()):
            if visitor.until < now:
                self._send_away(visitor)
            elif 0 < visitor.held_until < now:
                visitor.held_until = 0
                self._continue(visitor)

    def _send_away(self, visitor: Visitor) -> None:
        """Close a connection; say why, or give the answer, as far as it is taken."""
        if visitor.answer is None and visitor.received:
            self._refuse(visitor, 408, "too_late")
        try:
            if visitor.answer:
                visitor.send()
        except OSError:
            pass
        self._close(visitor)

    def _close(self, visitor: Visitor) -> None:
        number = visitor.client.fileno()
        if self._visitors.pop(number, None) and number in self._selector.get_map():
            self._selector.unregister(visitor.client)
        util.close(visitor.client)


def listen_for_requests(sockets: list) -> None:
    """Wake a worker for a connection once something has come by it, and not before."""
    for listener in sockets:
        if listener.sock.family in (socket.AF_INET, socket.AF_INET6):
            option = getattr(socket, "TCP_DEFER_ACCEPT", None)
            if option is not None:
                listener.sock.setsockopt(socket.IPPROTO_TCP, option, 1)
