#!/usr/bin/env python3
"""A small HTTP/3 server and client over aioquic, as real as QUIC stacks get, for captures.

Usage: http3.py serve CERTIFICATE KEY ADDRESS… | get [--v2] [--no-name] [--large] NAME…
"""

import argparse
import asyncio
import ssl

from aioquic.asyncio import QuicConnectionProtocol, connect, serve
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.packet import QuicProtocolVersion

PORT = 443
PATIENCE_SECONDS = 10


class Server(QuicConnectionProtocol):
    """Answers every request with two bytes."""

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.http = H3Connection(self._quic)

    def quic_event_received(self, event):
        for http_event in self.http.handle_event(event):
            if isinstance(http_event, HeadersReceived):
                headers = [(b":status", b"200"), (b"content-type", b"text/plain")]
                self.http.send_headers(http_event.stream_id, headers)
                self.http.send_data(http_event.stream_id, b"ok", end_stream=True)
                self.transmit()


class Client(QuicConnectionProtocol):
    """Asks once and waits for the end of the answer."""

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.http = H3Connection(self._quic)
        self.done = asyncio.get_running_loop().create_future()

    def quic_event_received(self, event):
        for http_event in self.http.handle_event(event):
            ended = isinstance(http_event, (HeadersReceived, DataReceived)) and http_event.stream_ended
            if ended and not self.done.done():
                self.done.set_result(None)

    async def get(self, authority):
        stream = self._quic.get_next_available_stream_id()
        headers = {":method": "GET", ":scheme": "https", ":authority": authority, ":path": "/"}
        self.http.send_headers(stream, [(k.encode(), v.encode()) for k, v in headers.items()], end_stream=True)
        self.transmit()
        await asyncio.wait_for(self.done, PATIENCE_SECONDS)


async def run_server(certificate, key, addresses):
    configuration = QuicConfiguration(is_client=False, alpn_protocols=H3_ALPN)
    configuration.load_cert_chain(certificate, key)
    # A socket for each address: one for all of them would answer from the wrong one.
    for address in addresses:
        await serve(address, PORT, configuration=configuration, create_protocol=Server)
    print("ready", flush=True)
    await asyncio.Event().wait()


async def get(name, arguments):
    configuration = QuicConfiguration(alpn_protocols=H3_ALPN, verify_mode=ssl.CERT_NONE)
    if arguments.v2:
        configuration.original_version = QuicProtocolVersion.VERSION_2
        configuration.supported_versions = [QuicProtocolVersion.VERSION_2, QuicProtocolVersion.VERSION_1]
    if arguments.large:
        # A long list of application protocols makes the ClientHello larger than one Initial.
        configuration.alpn_protocols = [*H3_ALPN, *(f"sample-protocol-{n:03}" for n in range(120))]
    if not arguments.no_name:
        configuration.server_name = name
    async with connect(name, PORT, configuration=configuration, create_protocol=Client) as client:
        await client.get(name)


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    server = commands.add_parser("serve")
    server.add_argument("certificate")
    server.add_argument("key")
    server.add_argument("addresses", nargs="+")
    client = commands.add_parser("get")
    client.add_argument("--v2", action="store_true", help="begin with QUIC version 2 (RFC 9369)")
    client.add_argument("--no-name", action="store_true", help="give an address, so that no server name is sent")
    client.add_argument("--large", action="store_true", help="a ClientHello that needs several Initials")
    client.add_argument("names", nargs="+")
    arguments = parser.parse_args()
    if arguments.command == "serve":
        asyncio.run(run_server(arguments.certificate, arguments.key, arguments.addresses))
    else:
        for name in arguments.names:
            asyncio.run(get(name, arguments))


if __name__ == "__main__":
    main()
