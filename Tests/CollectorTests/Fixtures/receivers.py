#!/usr/bin/env python3
"""A mail server and a webhook receiver for tests: each writes what it gets to a file, a line of JSON for each message.

receivers.py mail PORT FOLDER starttls|tls DROP   or   receivers.py hook PORT FOLDER SECRET DROP

Prints its port once it listens. Certificate and key are cert.pem and key.pem of the folder. Of every DROP messages, the
first time that one comes it is kept, and the connection is cut before an answer: the sender has to send it again.
"""

import email
import email.policy
import hashlib
import hmac
import http.server
import json
import os
import ssl
import sys
import time


def note(folder, name, entry):
    with open(os.path.join(folder, name), "a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
        file.flush()


class Dropper:
    """Decides which messages get no answer at first, also after a restart."""

    def __init__(self, folder, name, every):
        self.path, self.every = os.path.join(folder, name), every

    def drops(self, key):
        if not self.every:
            return False
        seen = open(self.path, encoding="utf-8").read().split() if os.path.exists(self.path) else []
        if key in seen:
            return False
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(key + "\n")
        return len(seen) % self.every == 0


def serve_mail(port, folder, security, every):
    import asyncio

    from aiosmtpd.smtp import SMTP, AuthResult

    dropper = Dropper(folder, "mail-seen", every)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem"))

    def body(message, kind):
        return message.get_body((kind,)).get_content().replace("\r\n", "\n")

    class Handler:
        async def handle_RCPT(self, server, session, envelope, address, options):
            if address.startswith("nobody@"):
                return "550 5.1.1 no such mailbox"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server, session, envelope):
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            note(folder, "mail.jsonl", {
                "key": message["Message-ID"], "subject": message["Subject"], "from": envelope.mail_from,
                "to": envelope.rcpt_tos, "tls": session.ssl is not None or security == "tls",
                "user": session.auth_data, "defects": [str(part.defects) for part in message.walk() if part.defects],
                "text": body(message, "plain"), "html": body(message, "html"),
            })
            if dropper.drops(message["Message-ID"]):
                server.transport.abort()
                await asyncio.sleep(0.1)
            return "250 OK"

    def authenticate(server, session, envelope, mechanism, data):
        user = data.login.decode()
        isRight = (user, data.password.decode()) == ("rollcall", "a password")
        return AuthResult(success=isRight, handled=isRight, auth_data=user)

    def make():
        options = {"require_starttls": True, "tls_context": context} if security == "starttls" else {}
        return SMTP(Handler(), hostname="localhost", authenticator=authenticate, auth_required=True,
                    auth_require_tls=security == "starttls", **options)

    async def run():
        server = await asyncio.get_running_loop().create_server(
            make, "127.0.0.1", port, ssl=context if security == "tls" else None)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(run())


def serve_hook(port, folder, secret, every):
    dropper = Dropper(folder, "hook-seen", every)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fields = dict(part.split("=", 1) for part in self.headers["Rollcall-Signature"].split(","))
            expected = hmac.new(secret.encode(), f"{fields['t']}.".encode() + body, hashlib.sha256).hexdigest()
            key = self.headers["Idempotency-Key"]
            note(folder, "hook.jsonl", {
                "key": key, "isSigned": hmac.compare_digest(expected, fields["v1"]),
                "age": abs(time.time() - int(fields["t"])), "body": json.loads(body),
                "hash": hashlib.sha256(body).hexdigest(),
            })
            if dropper.drops(key):
                self.connection.close()
                return
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    kind, port, folder, choice, every = sys.argv[1:]
    {"mail": serve_mail, "hook": serve_hook}[kind](int(port), folder, choice, int(every))
