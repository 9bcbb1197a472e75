"""A connection whose request is still coming in, or whose answer is leaving.

A client may send a byte a second, or nothing at all, and may take its answer as
slowly. What it sends is gathered here, and what it is sent is kept here, so that a
worker takes up a request only once it is whole, and is rid of it once it is answered.
"""

import re
import socket
import time

#: Bytes of a request line and headers; gunicorn takes no more either.
MOST_HEAD_BYTES = 65_536
_CHUNK_BYTES = 262_144
#: Seconds that a client may take to receive its answer.
_SEND_SECONDS = 10
#: Seconds in which what a refused client still sends is read and forgotten, so that
#: it is not cut off before it has read why.
_LINGER_SECONDS = 2
_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"(?i)\r\ncontent-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r\n")
_CODING = re.compile(rb"(?i)\r\ntransfer-encoding[ \t]*:")
_EXPECT = re.compile(rb"(?i)\r\nexpect[ \t]*:[ \t]*100-continue[ \t]*(?=\r\n)")
_LAST_CHUNK = re.compile(rb"\r\n0+(?:;[^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*\r\n\Z")
#: Bytes in which the last chunk is looked for: the search takes their square.
_LAST_CHUNK_BYTES = 512


class Visitor:
    """A connection.

    Attributes:
        client: The socket, which does not block.
        address: Where it comes from.
        listener: The socket that it came by.
        received: What was received.
        until: When the client has to be done with what it is at.
        answer: What is still to be sent; ``None`` before there is an answer.
        held_until: When the answer may be sent, or the request be tried again.
        tries: How often the request was tried, and the server was busy.

    Args:
        client: The socket.
        address: Where it comes from.
        listener: The socket that it came by.
        body_bytes: Bytes of a body that are waited for; of a longer one, none are.
        seconds: How long the request may take to come in.
    """

    def __init__(
        self,
        client: socket.socket,
        address: tuple,
        listener: object,
        body_bytes: int,
        seconds: float,
    ) -> None:
        client.setblocking(False)
        self.client = client
        self.address = address
        self.listener = listener
        self.received = bytearray()
        self.until = time.monotonic() + seconds
        self.answer: bytearray | None = None
        self.held_until = 0.0
        self.tries = 0
        self._body_bytes = body_bytes
        self._head_bytes = 0
        self._length: int | None = 0

    @property
    def kept_bytes(self) -> int:
        """Count the bytes that are kept for the connection."""
        return len(self.received) + len(self.answer or b"")

    @property
    def is_held(self) -> bool:
        """Tell whether there is nothing to do for the client yet."""
        return self.held_until > time.monotonic()

    @property
    def is_sending(self) -> bool:
        """Tell whether some of the answer is to be sent."""
        return bool(self.answer) and not self.is_held

    def receive(self) -> bool:
        """Receive what there is.

        Returns:
            Whether the request is whole, as far as it is waited for.

        Raises:
            ConnectionError: The client is gone.
        """
        while not self._is_whole():
            try:
                part = self.client.recv(_CHUNK_BYTES)
            except BlockingIOError:
                return False
            if not part:
                raise ConnectionAbortedError
            self.received += part
        return True

    def sendall(self, data: bytes) -> None:
        """Keep a part of the answer; gunicorn takes a visitor for its socket."""
        self.answer = (self.answer or bytearray()) + data

    def try_again(self, seconds: float) -> None:
        """Forget the answer, and try the request again a little later."""
        self.tries += 1
        self.answer = None
        self.held_until = time.monotonic() + seconds
        self.until = self.held_until + _SEND_SECONDS

    def start_sending(self, hold_seconds: float) -> None:
        """Let the answer go, at once or a little later."""
        now = time.monotonic()
        self.held_until = now + hold_seconds
        self.until = self.held_until + _SEND_SECONDS

    def send(self) -> bool:
        """Send as much of the answer as the client takes.

        Returns:
            Whether nothing is left to be done for the client.

        Raises:
            ConnectionError: The client is gone.
        """
        try:
            while self.answer:
                sent = self.client.send(self.answer)
                del self.answer[:sent]
        except BlockingIOError:
            return False
        return not self._start_leaving()

    def forget(self) -> None:
        """Read what a client that has its answer still sends, and forget it.

        Raises:
            ConnectionError: The client is gone.
        """
        try:
            if not self.client.recv(_CHUNK_BYTES):
                raise ConnectionAbortedError
        except BlockingIOError:
            return

    def _start_leaving(self) -> bool:
        """Send no more, and tell whether the client still has something to send."""
        body = len(self.received) - self._head_bytes
        if self._head_bytes and self._length is not None and body >= self._length:
            return False
        self.received = bytearray()
        self.client.shutdown(socket.SHUT_WR)
        self.until = time.monotonic() + _LINGER_SECONDS
        return True

    def _is_whole(self) -> bool:
        """Tell whether no more is waited for."""
        if not self._head_bytes:
            self._read_head()
            if not self._head_bytes:
                return len(self.received) > MOST_HEAD_BYTES
        body = len(self.received) - self._head_bytes
        if self._length is None:
            if body > 2 * self._body_bytes:
                return True
            end = self.received[self._head_bytes - 2 :][-_LAST_CHUNK_BYTES:]
            return bool(_LAST_CHUNK.search(end))
        return self._length > self._body_bytes or body >= self._length

    def _read_head(self) -> None:
        """Find the end of the headers, and in them the length of the body."""
        end = self.received.find(_HEAD_END)
        if end < 0:
            return
        head = bytes(self.received[: end + 2])
        self._head_bytes = end + len(_HEAD_END)
        length = _LENGTH.search(head)
        self._length = int(length[1]) if length else 0
        if _CODING.search(head):
            self._length = None
        expect = _EXPECT.search(head)
        if expect:
            # It is answered here, and not once more when the body is there.
            del self.received[expect.start() : expect.end()]
            self._head_bytes -= expect.end() - expect.start()
            if self._length is None or self._length <= self._body_bytes:
                self.client.send(b"HTTP/1.1 100 Continue\r\n\r\n")
