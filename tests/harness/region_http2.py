"""HTTP/2 by hand: enough of it to send what no library would send, and to read what comes back.

Must never be polite: frames go out as they are told.
"""

import socket
import struct
import time

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
END_STREAM, ACK, END_HEADERS = 1, 1, 4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
WINDOW_MAX = 2**31 - 1
HEADER_TABLE_SIZE, INITIAL_WINDOW_SIZE = 1, 4

# RFC 7541, appendix A.
STATIC = [
    (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"), (":scheme", "http"),
    (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"), (":status", "304"), (":status", "400"),
    (":status", "404"), (":status", "500"), ("accept-charset", ""), ("accept-encoding", "gzip, deflate"), ("accept-language", ""),
    ("accept-ranges", ""), ("accept", ""), ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""),
    ("cache-control", ""), ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""), ("content-length", ""),
    ("content-location", ""), ("content-range", ""), ("content-type", ""), ("cookie", ""), ("date", ""), ("etag", ""), ("expect", ""),
    ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""), ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""),
    ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""), ("location", ""), ("max-forwards", ""), ("proxy-authenticate", ""),
    ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""), ("retry-after", ""), ("server", ""), ("set-cookie", ""),
    ("strict-transport-security", ""), ("transfer-encoding", ""), ("user-agent", ""), ("vary", ""), ("via", ""), ("www-authenticate", "")]


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def _integer(value, bits, first):
    limit = (1 << bits) - 1
    if value < limit:
        return bytes([first | value])
    out, value = [first | limit], value - limit
    while value >= 128:
        out.append(value % 128 | 128)
        value //= 128
    return bytes(out + [value])


def encode_headers(headers):
    """Literals that nobody is to remember."""
    out = b""
    for name, value in headers:
        out += b"\x00"
        for text in (name, value):
            raw = text if isinstance(text, bytes) else text.encode()
            out += _integer(len(raw), 7, 0) + raw
    return out


class HeaderReader:
    """HPACK without Huffman: what is coded so is shown as "?"; gRPC codes only -bin values so."""

    def __init__(self):
        self.table = []

    def _integer(self, raw, at, bits):
        limit = (1 << bits) - 1
        value = raw[at] & limit
        at += 1
        if value < limit:
            return value, at
        shift = 0
        while True:
            value += (raw[at] & 127) << shift
            shift += 7
            at += 1
            if not raw[at - 1] & 128:
                return value, at

    def _text(self, raw, at):
        coded = raw[at] & 128
        length, at = self._integer(raw, at, 7)
        return "?" if coded else raw[at:at + length].decode("latin1"), at + length

    def _entry(self, index):
        return STATIC[index - 1] if index <= len(STATIC) else self.table[index - len(STATIC) - 1]

    def read(self, raw):
        headers, at = [], 0
        while at < len(raw):
            first = raw[at]
            if first & 128:
                index, at = self._integer(raw, at, 7)
                headers.append(self._entry(index))
            elif first & 0xe0 == 0x20:
                _, at = self._integer(raw, at, 5)
            else:
                remembered = first & 64
                index, at = self._integer(raw, at, 6 if remembered else 4)
                name = self._entry(index)[0] if index else None
                if name is None:
                    name, at = self._text(raw, at)
                value, at = self._text(raw, at)
                headers.append((name, value))
                if remembered:
                    self.table.insert(0, (name, value))
        return headers


class Stream:
    def __init__(self):
        self.headers, self.data, self.ended, self.reset = [], b"", False, None

    def header(self, name):
        return next((value for key, value in reversed(self.headers) if key == name), None)

    @property
    def grpc_status(self):
        value = self.header("grpc-status")
        return None if value is None else int(value)


class Connection:
    """One connection; `settings` go out with the preface, windows are opened wide unless told otherwise."""

    def __init__(self, port, settings=(), window=WINDOW_MAX - 65535, hello=True):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.settimeout(10)
        self.reader, self.streams, self.rest = HeaderReader(), {}, b""
        self.next_stream, self.gone, self.goaway = 1, False, None
        if hello:
            packed = b"".join(struct.pack(">HI", key, value) for key, value in settings)
            self.send(PREFACE + frame(SETTINGS, 0, 0, packed) + (frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", window)) if window else b""))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def abort(self):
        """Gone without a word: RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def send(self, raw):
        try:
            self.socket.sendall(raw)
        except OSError:
            self.gone = True

    def headers(self, path, token=None, end=False, replace=(), flags=END_HEADERS, more=()):
        """Opens a stream; `replace`: (name, value) pairs in the place of the usual ones, None leaves one out."""
        usual = {":method": "POST", ":scheme": "http", ":path": path, ":authority": "localhost", "te": "trailers",
                 "content-type": "application/grpc"}
        if token:
            usual["authorization"] = f"Bearer {token}"
        usual.update(dict(replace))
        packed = encode_headers([(name, value) for name, value in usual.items() if value is not None] + list(more))
        stream = self.next_stream
        self.next_stream += 2
        self.streams[stream] = Stream()
        self.send(frame(HEADERS, flags | (END_STREAM if end else 0), stream, packed))
        return stream

    def data(self, stream, raw, end=True):
        """In frames of 16 KiB; the receiver's window is not looked at."""
        pieces = [raw[i:i + 16384] for i in range(0, len(raw), 16384)] or [b""]
        for i, piece in enumerate(pieces):
            self.send(frame(DATA, END_STREAM if end and i == len(pieces) - 1 else 0, stream, piece))

    def call(self, path, message, token=None, **options):
        """A whole unary request; the stream's number."""
        stream = self.headers(path, token, **options)
        self.data(stream, grpc_message(message))
        return stream

    def receive(self, seconds=10, until=lambda connection: False):
        """Reads frames until the condition holds, the time is over or the peer has gone. True: it holds."""
        end = time.monotonic() + seconds
        while not until(self):
            left = end - time.monotonic()
            if self.gone or left <= 0:
                return until(self)
            self.socket.settimeout(left)
            try:
                got = self.socket.recv(1 << 20)
            except socket.timeout:
                return until(self)
            except OSError:
                got = b""
            if not got:
                self.gone = True
                continue
            self.rest += got
            self._frames()
        return True

    def _frames(self):
        while len(self.rest) >= 9:
            length = int.from_bytes(self.rest[:3], "big")
            if len(self.rest) < 9 + length:
                return
            kind, flags = self.rest[3], self.rest[4]
            stream = int.from_bytes(self.rest[5:9], "big") & WINDOW_MAX
            self._frame(kind, flags, self.streams.setdefault(stream, Stream()), self.rest[9:9 + length])
            self.rest = self.rest[9 + length:]

    def _frame(self, kind, flags, stream, payload):
        if kind in (HEADERS, DATA) and flags & 8:
            payload = payload[1:len(payload) - payload[0]]
        if kind == HEADERS:
            stream.headers += self.reader.read(payload[5:] if flags & 0x20 else payload)
        elif kind == DATA:
            stream.data += payload
        elif kind == RST_STREAM:
            stream.reset = int.from_bytes(payload, "big")
        elif kind == SETTINGS and not flags & ACK:
            self.send(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            self.send(frame(PING, ACK, 0, payload))
        elif kind == GOAWAY:
            self.goaway = int.from_bytes(payload[4:8], "big")
        if kind in (HEADERS, DATA) and flags & END_STREAM:
            stream.ended = True

    def finish(self, stream, seconds=10):
        """Waits for the end of a stream and returns it."""
        self.receive(seconds, lambda c: c.streams[stream].ended or c.streams[stream].reset is not None)
        return self.streams[stream]


def grpc_message(raw, compressed=0, length=None):
    return bytes([compressed]) + struct.pack(">I", len(raw) if length is None else length) + raw
