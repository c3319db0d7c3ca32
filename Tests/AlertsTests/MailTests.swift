import Foundation
import Testing

@testable import Alerts

@Suite struct `An e-mail address` {
    @Test(arguments: ["its@district.example", "a.b+c_d@x-y.example", "x@localhost", "o'neill@district.example"])
    func `is a dot-string and a domain`(text: String) {
        #expect(EmailAddress(text)?.text == text)
    }

    @Test(arguments: [
        "", "its", "@district.example", "its@", "a@b@c", "a b@x.example", "a\r\nBcc: b@x.example", "a@x.example\r\n",
        "<a@x.example>", ".a@x.example", "a..b@x.example", "a@x..example", "a@-x.example", "a@x.exämple",
        "a@x.example>",
        "\"a b\"@x.example", "a@x.example\u{0}",
    ])
    func `is nothing that could mean something else in a command or header`(text: String) {
        #expect(EmailAddress(text) == nil)
    }
}

@Suite struct `A mail` {
    private func mail(subject: String, text: String = "Hello\n", html: String = "<p>Hello</p>\n") throws -> MailMessage
    {
        let address = try #require(EmailAddress("its@district.example"))
        return MailMessage(
            from: address, fromName: "Rollcall", to: address, key: "0123456789abcdef0123456789abcdef",
            writtenAt: 1_795_532_400, content: Message(subject: subject, text: text, html: html))
    }

    private func header(_ mail: MailMessage) -> [String] {
        mail.encoded.components(separatedBy: "\r\n\r\n")[0].components(separatedBy: "\r\n")
    }

    @Test func `has the fields that it needs, each once`() throws {
        #expect(
            header(try mail(subject: "Rollcall: news")) == [
                "From: \"Rollcall\" <its@district.example>", "To: <its@district.example>", "Subject: Rollcall: news",
                "Date: Tue, 24 Nov 2026 15:00:00 +0000",
                "Message-ID: <0123456789abcdef0123456789abcdef@district.example>", "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "Content-Type: multipart/alternative;", " boundary=\"=_0123456789abcdef0123456789abcdef\"",
            ])
    }

    @Test(arguments: [
        "a\r\nBcc: b@x.example", "a\nBcc: b@x.example", "a\rBcc: b@x.example", "a\u{2028}Bcc: b@x.example", "a\u{0}b",
        "Schülerzahl: 12 →", String(repeating: "long ", count: 60), "=?utf-8?B?aGk=?=",
    ])
    func `never grows a header by its subject`(subject: String) throws {
        let lines = header(try mail(subject: subject))
        let fields = lines.filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
        #expect(
            fields == ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"])
        for line in lines {
            #expect(line.utf8.count <= 78)
            #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        }
    }

    @Test func `has lines of 76 characters at most in its body, in seven bits, and no bare line end`() throws {
        let text =
            "Größe → 12\n" + String(repeating: "word ", count: 80) + "\n.\n..dots\nends with space \nta\tb\t\nx=y\r\nz"
        let encoded = try mail(subject: "S", text: text).encoded
        #expect(!encoded.replacing("\r\n", with: "").contains { $0 == "\r" || $0 == "\n" || $0 == "\r\n" })
        for line in encoded.components(separatedBy: "\r\n") {
            #expect(line.utf8.count <= 76, "\(line)")
            #expect(!line.hasSuffix(" ") && !line.hasSuffix("\t"))
            #expect(line.utf8.allSatisfy { $0 == 9 || (0x20...0x7E).contains($0) })
        }
        #expect(encoded.contains("Gr=C3=B6=C3=9Fe =E2=86=92 12\r\n"))
        #expect(encoded.contains("ends with space=20\r\n"))
        #expect(encoded.contains("x=3Dy\r\nz\r\n"))
    }
}

@Suite struct `A conversation with a mail server` {
    private func session(_ security: SMTPSecurity, _ credentials: SMTPCredentials? = nil) throws -> SMTPSession {
        let address = try #require(EmailAddress("its@district.example"))
        let mail = MailMessage(
            from: address, fromName: "R", to: address, key: "k", writtenAt: 0,
            content: Message(subject: "S", text: ".dot\n", html: ""))
        return SMTPSession(mail: mail, helloName: "rollcall.example", security: security, credentials: credentials)
    }

    private func reply(_ code: Int, _ lines: String...) -> SMTPReply { SMTPReply(code: code, lines: lines) }
    private let user = SMTPCredentials(user: "u", password: "p")

    @Test func `hands a mail over after STARTTLS and AUTH PLAIN, with dots stuffed`() throws {
        var session = try session(.startTLS, user)
        #expect(try session.receive(reply(220, "hi")) == .send("EHLO rollcall.example\r\n"))
        #expect(try session.receive(reply(250, "hi", "AUTH PLAIN", "STARTTLS")) == .send("STARTTLS\r\n"))
        #expect(try session.receive(reply(220, "go")) == .beginTLS)
        #expect(session.secured() == .send("EHLO rollcall.example\r\n"))
        #expect(try session.receive(reply(250, "hi", "AUTH LOGIN PLAIN")) == .send("AUTH PLAIN AHUAcA==\r\n"))
        #expect(try session.receive(reply(235, "ok")) == .send("MAIL FROM:<its@district.example>\r\n"))
        #expect(try session.receive(reply(250, "ok")) == .send("RCPT TO:<its@district.example>\r\n"))
        #expect(try session.receive(reply(251, "will forward")) == .send("DATA\r\n"))
        guard case .send(let data) = try session.receive(reply(354, "go")) else {
            Issue.record("no data")
            return
        }
        #expect(data.contains("\r\n..dot\r\n"))
        #expect(data.hasSuffix("--=_k--\r\n.\r\n"))
        #expect(try session.receive(reply(250, "queued")) == .finish("QUIT\r\n"))
    }

    @Test func `says neither password nor message in the clear when TLS was asked for and is not offered`() throws {
        var session = try session(.startTLS, user)
        _ = try session.receive(reply(220, "hi"))
        #expect(throws: SMTPFailure.self) { try session.receive(reply(250, "hi", "AUTH PLAIN")) }
    }

    @Test func `signs in with LOGIN where there is no PLAIN`() throws {
        var session = try session(.implicit, user)
        _ = try session.receive(reply(220, "hi"))
        #expect(try session.receive(reply(250, "hi", "AUTH LOGIN")) == .send("AUTH LOGIN\r\n"))
        #expect(try session.receive(reply(334, "VXNlcm5hbWU6")) == .send("dQ==\r\n"))
        #expect(try session.receive(reply(334, "UGFzc3dvcmQ6")) == .send("cA==\r\n"))
        #expect(try session.receive(reply(235, "ok")) == .send("MAIL FROM:<its@district.example>\r\n"))
    }

    @Test func `takes what a server says of itself as passing, and of the message as final`() throws {
        var session = try session(.none)
        #expect(throws: SMTPFailure.postponed("the server said 554 no")) { try session.receive(reply(554, "no")) }
        _ = try session.receive(reply(220, "hi"))
        _ = try session.receive(reply(250, "hi"))
        #expect(throws: SMTPFailure.postponed("the server said 451 later")) { try session.receive(reply(451, "later")) }
        _ = try session.receive(reply(250, "ok"))
        #expect(throws: SMTPFailure.refused("the server said 550 no such user")) {
            try session.receive(reply(550, "no such user"))
        }
    }

    @Test func `is put together from bytes however they are cut`() throws {
        let bytes = Array("220-one\r\n220 two\r\n250\r\n".utf8)
        for cut in 0...bytes.count {
            var reader = SMTPReplyReader()
            var replies: [SMTPReply] = []
            for part in [bytes[..<cut], bytes[cut...]] {
                try reader.append(part)
                while let reply = try reader.next() { replies.append(reply) }
            }
            #expect(replies == [reply(220, "one", "two"), reply(250, "")])
            #expect(!reader.hasRest)
        }
    }

    @Test(arguments: ["SSH-2.0-OpenSSH\r\n", "22\r\n", "199 x\r\n", "999 x\r\n", "220x\r\n"])
    func `ends with what is no mail server`(text: String) throws {
        var reader = SMTPReplyReader()
        try reader.append(Array(text.utf8))
        #expect(throws: SMTPFailure.self) { try reader.next() }
    }

    @Test func `ends with a reply that has no end`() {
        var reader = SMTPReplyReader()
        #expect(throws: SMTPFailure.self) { try reader.append(repeatElement(UInt8(ascii: "2"), count: 70_000)) }
    }
}

@Suite struct `A webhook's request` {
    private let entry = OutboxEntry(
        identifier: 1, key: "k", destination: .webhook(reader: "chat"),
        message: Message(subject: "S", paragraphs: ["a <b> & c"]), writtenAt: 5, triedSince: 5, attempts: 0)

    @Test func `is signed with HMAC-SHA256 over time and body`() {
        // printf '7.{}' | openssl dgst -sha256 -hmac secret
        #expect(
            WebhookSignature.header(body: Array("{}".utf8), secret: "secret", at: 7)
                == "t=7,v1=76aad9429f417882918162a1928a38769fff65cc07b6bfa344ac9c5fb1e3448e")
    }

    @Test func `has the shape that its receiver takes`() {
        func text(_ shape: WebhookTarget.Shape) -> String {
            String(decoding: WebhookBody.json(entry, shape: shape), as: UTF8.self)
        }
        #expect(text(.rollcall) == #"{"alerts":[],"id":"k","subject":"S","text":"a <b> & c\n","written_at":5}"#)
        #expect(text(.slack) == #"{"text":"*S*\na &lt;b&gt; &amp; c\n"}"#)
        #expect(text(.teams).hasPrefix(#"{"attachments":[{"content":{"body":[{"text":"S","type":"TextBlock""#))
        #expect(text(.teams).hasSuffix(#""type":"message"}"#))
    }

    @Test func `is cut where its receiver would refuse it, and says so`() throws {
        var entry = entry
        entry.message = Message(
            subject: "<!channel>", text: String(repeating: "- Größe → \"12\"\n", count: 9000), html: "")
        let slack = String(decoding: WebhookBody.json(entry, shape: .slack), as: UTF8.self)
        #expect(slack.hasPrefix(#"{"text":"*&lt;!channel&gt;*\n- Größe"#))
        #expect(slack.count < 45_000)
        for shape in [WebhookTarget.Shape.slack, .teams] {
            let body = WebhookBody.json(entry, shape: shape)
            #expect(String(decoding: body, as: UTF8.self).contains(#"\"12\"\n… The rest is on the alerts page."#))
        }
        #expect(WebhookBody.json(entry, shape: .teams).count < 28 * 1024)
    }

    @Test func `is lost to no mistake in the settings`() {
        for status in [301, 401, 403, 404, 408, 429, 500, 503] {
            guard case .postponed = WebhookClient.outcome(status: status) else {
                Issue.record("\(status)")
                continue
            }
        }
        #expect(WebhookClient.outcome(status: 204) == .delivered)
        #expect(
            WebhookClient.outcome(status: 422)
                == .refused(reason: "the web address answered 422: it will not take this message"))
    }
}
