#!/usr/bin/env python3
"""A small HTTPS server that answers every name with two bytes. Usage: https.py CERTIFICATE KEY"""

import http.server
import socket
import ssl
import sys

HANDSHAKE_PATIENCE_SECONDS = 10


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        # Here, in the connection's own thread, so that a slow handshake holds up nobody else.
        self.request.settimeout(HANDSHAKE_PATIENCE_SECONDS)
        self.request = context.wrap_socket(self.request, server_side=True)
        super().setup()

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6  # and IPv4 with it
    request_queue_size = 100

    def handle_error(self, request, client_address):
        pass  # a client that leaves early is an everyday thing


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server = Server(("::", 443), Handler)
server.serve_forever()
