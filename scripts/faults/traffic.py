"""Clients that ask for names and open TLS connections, as frames, with the truth of what was sent and when."""

import collections
import random
import socket
import struct

CLIENTS, NAMES = 12, 40
GATEWAY = bytes.fromhex("02005e000001")


def name(number):
    return f"www.tool-{number}.example"


def checksum(header):
    total = sum(struct.unpack(f">{len(header) // 2}H", header))
    return ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF


def ipv4(client, server, protocol, payload):
    header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0, client, server)
    return header[:10] + struct.pack(">H", checksum(header)) + header[12:] + payload


def query(text, identifier):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in text.split("."))
    return struct.pack(">HHHHHH", identifier, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 1, 1)


def client_hello(text):
    """RFC 8446 section 4.1.2, with server_name (RFC 6066 section 3) and supported_versions."""
    host = text.encode()
    extensions = struct.pack(">HHHBH", 0, len(host) + 5, len(host) + 3, 0, len(host)) + host
    extensions += struct.pack(">HHBH", 43, 3, 2, 0x0304)
    body = b"\x03\x03" + random.randbytes(32) + b"\0" + struct.pack(">HHBB", 2, 0x1301, 1, 0)
    body += struct.pack(">H", len(extensions)) + extensions
    handshake = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + struct.pack(">H", len(handshake)) + handshake


class Traffic:
    """Sends over an interface and remembers each use for as long as it may be lost."""

    def __init__(self, interface):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.bind((interface, 0))
        self.truth = collections.Counter()  # (name, "dns" or "tls") → uses
        self.devices = collections.defaultdict(set)
        self.recent = collections.deque()  # (when, name, kind)
        self.ports = [32768] * CLIENTS

    def send(self, now):
        """One use of one name by one client."""
        client, text = random.randrange(CLIENTS), name(random.randrange(NAMES))
        kind = random.choice(["dns", "tls"])
        self.ports[client] = self.ports[client] + 1 if self.ports[client] < 60999 else 32768
        port = self.ports[client]
        address = bytes([10, 187, 93, 33 + client])
        ethernet = GATEWAY + bytes.fromhex("029d6be35c") + bytes([33 + client]) + b"\x08\x00"
        if kind == "dns":
            message = query(text, random.randrange(65536))
            packets = [(17, struct.pack(">HHHH", port, 53, 8 + len(message), 0) + message, (198, 51, 100, 53))]
        else:
            sequence = random.randrange(1 << 32)
            tcp = struct.Struct(">HHIIBBHHH")
            server = (198, 51, 100, 80)
            packets = [
                (6, tcp.pack(port, 443, sequence, 0, 0x50, 0x02, 65535, 0, 0), server),
                (6, tcp.pack(port, 443, (sequence + 1) % (1 << 32), 1, 0x50, 0x18, 65535, 0, 0) + client_hello(text), server),
            ]
        for protocol, payload, server in packets:
            self.socket.send(ethernet + ipv4(address, bytes(server), protocol, payload))
        self.truth[text, kind] += 1
        self.devices[text].add(client)
        self.recent.append((now, text, kind))

    def since(self, when, now):
        """What was sent since a moment; what is older than ten minutes is forgotten."""
        while self.recent and self.recent[0][0] < now - 600:
            self.recent.popleft()
        return collections.Counter((text, kind) for sent, text, kind in self.recent if sent >= when)
