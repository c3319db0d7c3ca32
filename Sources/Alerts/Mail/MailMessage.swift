/// A mail as it goes over the wire: text and HTML as alternatives (RFC 5322, RFC 2045 and 2046).
package struct MailMessage: Sendable, Equatable {
    /// From whom.
    package var from: EmailAddress
    /// What the sender is called.
    package var fromName: String
    /// To whom.
    package var to: EmailAddress
    /// What the message is known by, the same each time that it is sent: letters and digits.
    package var key: String
    /// When it was written, in seconds since 1970.
    package var writtenAt: Int
    /// Subject, text and HTML.
    package var content: Message

    /// Makes a mail.
    package init(
        from: EmailAddress, fromName: String, to: EmailAddress, key: String, writtenAt: Int, content: Message
    ) {
        self.from = from
        self.fromName = fromName
        self.to = to
        self.key = key
        self.writtenAt = writtenAt
        self.content = content
    }

    /// The identifier by which a mailbox knows that it has the message already.
    package var messageID: String { "<\(key)@\(from.domain)>" }

    /// Header and body, with CRLF at the ends of lines, before dot-stuffing.
    package var encoded: String {
        // No line of a quoted-printable body can be it: `=` is always followed by a digit or a line end there.
        let boundary = "=_\(key)"
        let header = [
            "From: \(HeaderText.phrase(fromName)) <\(from.text)>",
            "To: <\(to.text)>",
            "Subject: \(HeaderText.encode(content.subject))",
            "Date: \(mailDate(writtenAt))",
            "Message-ID: \(messageID)",
            // RFC 3834: no vacation notice shall answer.
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"",
        ]
        let parts = [("text/plain", content.text), ("text/html", content.html)].map { type, text in
            "--\(boundary)\r\nContent-Type: \(type); charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                + QuotedPrintable.encode(text) + "\r\n"
        }
        return header.joined(separator: "\r\n") + "\r\n\r\n" + parts.joined() + "--\(boundary)--\r\n"
    }
}
