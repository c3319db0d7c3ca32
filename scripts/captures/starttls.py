#!/usr/bin/env python3
"""A toy mail server that knows EHLO and STARTTLS. Usage: starttls.py CERTIFICATE KEY"""

import socketserver
import ssl
import sys


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 sample ESMTP\r\n")
        while line := self.rfile.readline(1000):
            if line.upper().startswith(b"STARTTLS"):
                self.wfile.write(b"220 ready\r\n")
                context.wrap_socket(self.request, server_side=True).close()
                return
            self.wfile.write(b"250-sample\r\n250 STARTTLS\r\n")


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
socketserver.TCPServer.allow_reuse_address = True
socketserver.TCPServer(("0.0.0.0", 587), Handler).serve_forever()
