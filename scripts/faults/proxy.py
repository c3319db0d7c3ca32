#!/usr/bin/env python3
"""Stands between agents and the collector, over TLS, and does what networks and machines do.

Usage: proxy.py CERTIFICATE KEY ADDRESS PORT UPSTREAM_PORT MODE_FILE

The mode is read for each request from MODE_FILE: pass; 500 and 503 answer in the collector's place; lose and late-500
let the collector have it, and its answer is lost or becomes a 500; twice sends it twice; cut closes in the middle of the
body; slow waits, then trickles.
"""

import asyncio
import ssl
import sys

LONGEST_BODY = 16 << 20


async def read_message(reader):
    """The head and the body of a request or an answer; None at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    if length > LONGEST_BODY:
        return None
    return head, length


# What a proxy that speaks TLS for the collector says of whom it heard.
FORWARDED = b"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n"


async def forward(head, body):
    request, fields = head.split(b"\r\n", 1)
    head = request + b"\r\n" + FORWARDED + fields
    reader, writer = await asyncio.open_connection("127.0.0.1", UPSTREAM)
    try:
        writer.write(head + body)
        await writer.drain()
        message = await read_message(reader)
        if message is None:
            raise ConnectionError
        return message[0] + await reader.readexactly(message[1])
    finally:
        writer.close()


def failure(status, more=""):
    return f"HTTP/1.1 {status} Made up\r\nContent-Length: 0\r\n{more}\r\n".encode()


async def answer(mode, head, length, reader):
    """The answer to give; None to close without one."""
    if mode == "cut":
        await reader.readexactly(length // 2)
        return None
    body = await reader.readexactly(length)
    if mode == "500":
        return failure(500)
    if mode == "503":
        return failure(503, "Retry-After: 2\r\n")
    if mode == "slow":
        await asyncio.sleep(3)
    if mode == "twice":
        await forward(head, body)
    given = await forward(head, body)
    if mode == "lose":
        return None
    return failure(500) if mode == "late-500" else given


async def serve(reader, writer):
    try:
        while message := await read_message(reader):
            head, length = message
            with open(MODE, encoding="utf-8") as file:
                mode = file.read().strip()
            given = await answer(mode, head, length, reader)
            if given is None:
                return
            for start in range(0, len(given), 64 if mode == "slow" else 1 << 16):
                writer.write(given[start : start + (64 if mode == "slow" else 1 << 16)])
                await writer.drain()
                await asyncio.sleep(0.02 if mode == "slow" else 0)
    except (OSError, asyncio.IncompleteReadError):
        pass  # either side went away, as it may
    finally:
        writer.transport.abort()


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    server = await asyncio.start_server(serve, sys.argv[3], int(sys.argv[4]), ssl=context)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


UPSTREAM, MODE = int(sys.argv[5]), sys.argv[6]
asyncio.run(main())
