import Foundation

/// One mail's conversation with a server (RFC 5321), as a value: replies go in, what to do comes out.
///
/// With ``SMTPSecurity/startTLS`` nothing but EHLO and STARTTLS is ever said in the clear (RFC 3207): a server, or
/// somebody on the way, that does not offer TLS gets neither password nor message.
package struct SMTPSession: Sendable {
    private enum State: Sendable, Equatable {
        case greeting
        case hello
        case startTLS
        case securing
        case helloAgain
        case plain
        case loginUser
        case loginPassword
        case loginDone
        case mailFrom
        case recipient
        case data
        case content
        case done
    }

    /// What the caller does next.
    package enum Output: Sendable, Equatable {
        /// Sends these bytes and reads a reply.
        case send(String)
        /// Begins TLS, then calls ``secured()``.
        case beginTLS
        /// The server has taken the mail: says goodbye, without waiting for an answer.
        case finish(String)
    }

    private let mail: MailMessage
    private let helloName: String
    private let security: SMTPSecurity
    private let credentials: SMTPCredentials?
    private var state = State.greeting

    /// Makes a conversation that waits for the server's greeting.
    package init(mail: MailMessage, helloName: String, security: SMTPSecurity, credentials: SMTPCredentials?) {
        self.mail = mail
        self.helloName = helloName
        self.security = security
        self.credentials = credentials
    }

    /// Takes a reply.
    package mutating func receive(_ reply: SMTPReply) throws(SMTPFailure) -> Output {
        switch state {
        case .greeting:
            try expect(220, reply, permanent: false)
            return go(to: .hello, .send("EHLO \(helloName)\r\n"))
        case .hello:
            try expect(250, reply, permanent: false)
            guard security == .startTLS else { return try authenticate(reply) }
            guard capabilities(reply).contains(where: { $0 == "STARTTLS" }) else {
                throw .postponed("the server does not offer STARTTLS; use its port for implicit TLS, or set security")
            }
            return go(to: .startTLS, .send("STARTTLS\r\n"))
        case .startTLS:
            try expect(220, reply, permanent: false)
            return go(to: .securing, .beginTLS)
        case .securing: throw .protocolError("the server spoke before TLS was there")
        case .helloAgain:
            try expect(250, reply, permanent: false)
            return try authenticate(reply)
        case .loginUser:
            try expect(334, reply, permanent: false)
            return go(to: .loginPassword, .send(base64(credentials?.user ?? "") + "\r\n"))
        case .loginPassword:
            try expect(334, reply, permanent: false)
            return go(to: .loginDone, .send(base64(credentials?.password ?? "") + "\r\n"))
        case .plain, .loginDone:
            guard reply.code == 235 else { throw .postponed("the server refuses user and password: \(reply.summary)") }
            return begin()
        case .mailFrom:
            try expect(250, reply, permanent: true)
            return go(to: .recipient, .send("RCPT TO:<\(mail.to.text)>\r\n"))
        case .recipient:
            guard reply.code == 251 else {
                try expect(250, reply, permanent: true)
                return go(to: .data, .send("DATA\r\n"))
            }
            return go(to: .data, .send("DATA\r\n"))
        case .data:
            try expect(354, reply, permanent: true)
            return go(to: .content, .send(Self.stuffed(mail.encoded) + ".\r\n"))
        case .content:
            try expect(250, reply, permanent: true)
            return go(to: .done, .finish("QUIT\r\n"))
        case .done: throw .protocolError("the server spoke after the end")
        }
    }

    /// Goes on once TLS is there: what was said before it counts for nothing (RFC 3207 section 4.2).
    package mutating func secured() -> Output {
        go(to: .helloAgain, .send("EHLO \(helloName)\r\n"))
    }

    private mutating func go(to state: State, _ output: Output) -> Output {
        self.state = state
        return output
    }

    private mutating func begin() -> Output {
        go(to: .mailFrom, .send("MAIL FROM:<\(mail.from.text)>\r\n"))
    }

    /// PLAIN (RFC 4616) where the server has it, LOGIN otherwise.
    private mutating func authenticate(_ reply: SMTPReply) throws(SMTPFailure) -> Output {
        guard let credentials else { return begin() }
        let mechanisms = capabilities(reply).first { $0.hasPrefix("AUTH ") }?.split(separator: " ").dropFirst() ?? []
        if mechanisms.contains("PLAIN") {
            let response = base64("\u{0}\(credentials.user)\u{0}\(credentials.password)")
            return go(to: .plain, .send("AUTH PLAIN \(response)\r\n"))
        }
        if mechanisms.contains("LOGIN") { return go(to: .loginUser, .send("AUTH LOGIN\r\n")) }
        throw .postponed(
            "the server takes neither AUTH PLAIN nor AUTH LOGIN; leave user and password out, or ask its owner")
    }

    /// The lines after the first of a reply to EHLO, in capitals.
    private func capabilities(_ reply: SMTPReply) -> [String] {
        reply.lines.dropFirst().map { $0.uppercased() }
    }

    /// Throws unless the reply has that code.
    ///
    /// Whether a code of 500 and more says something of this message is `permanent`. Before the message, it says
    /// something of the server or the settings, and messages must not be lost to that.
    private func expect(_ code: Int, _ reply: SMTPReply, permanent: Bool) throws(SMTPFailure) {
        if reply.code == code { return }
        let reason = "the server said \(reply.summary)"
        throw permanent && reply.code >= 500 ? .refused(reason) : .postponed(reason)
    }

    private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    /// The text with a dot more on each line that begins with one (RFC 5321 section 4.5.2).
    static func stuffed(_ text: String) -> String {
        let stuffed = text.replacing("\r\n.", with: "\r\n..")
        return stuffed.hasPrefix(".") ? "." + stuffed : stuffed
    }
}

/// How the way to a mail server is protected.
package enum SMTPSecurity: String, Sendable, CaseIterable {
    /// TLS from the first byte (RFC 8314), commonly port 465.
    case implicit = "tls"
    /// TLS after STARTTLS (RFC 3207), commonly port 587.
    case startTLS = "starttls"
    /// None: only for a server on the collector's own machine.
    case none
}

/// With what the collector signs in at a mail server.
package struct SMTPCredentials: Sendable, Equatable {
    /// The user.
    package var user: String
    /// The password.
    package var password: String

    /// Makes credentials.
    package init(user: String, password: String) {
        self.user = user
        self.password = password
    }
}
