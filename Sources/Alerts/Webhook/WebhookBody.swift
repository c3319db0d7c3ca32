import Foundation

/// The body of a webhook's request: the same bytes each time that a message is sent.
package enum WebhookBody {
    /// The body in the target's shape.
    package static func json(_ entry: OutboxEntry, shape: WebhookTarget.Shape) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data =
            switch shape {
            case .rollcall: try? encoder.encode(Own(entry))
            case .slack: try? encoder.encode(Slack(entry.message))
            case .teams: try? encoder.encode(Teams(entry.message))
            }
        // Texts and integers can always be encoded.
        return Array(data ?? Data("{}".utf8))
    }

    /// As many whole lines of a text as so many bytes of UTF-8 hold, which say so where there is more.
    private static func cut(_ text: String, to bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        let more = "… The rest is on the alerts page."
        let part = String(decoding: text.utf8.prefix(bytes - more.utf8.count), as: UTF8.self)
        let end = part.lastIndex(of: "\n").map { part.index(after: $0) } ?? part.startIndex
        return String(part[..<end]) + more
    }

    private struct Own: Encodable {
        var id: String
        var written_at: Int
        var subject: String
        var text: String
        var alerts: [Alert]

        init(_ entry: OutboxEntry) {
            id = entry.key
            written_at = entry.writtenAt
            subject = entry.message.subject
            text = entry.message.text
            alerts = entry.message.alerts
        }
    }

    /// Slack shows `text` as mrkdwn: `&`, `<` and `>` have a meaning there.
    private struct Slack: Encodable {
        var text: String

        init(_ message: Message) {
            let escaped = "*\(message.subject)*\n\(message.text)".replacing("&", with: "&amp;")
                .replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            // Slack cuts at 40,000 characters.
            text = WebhookBody.cut(escaped, to: 39_000)
        }
    }

    private struct Teams: Encodable {
        var type = "message"
        var attachments: [Attachment]

        init(_ message: Message) {
            // A card has 28 KiB at most, and its JSON needs more bytes than the text.
            let text = WebhookBody.cut(message.text, to: 20_000)
            attachments = [
                Attachment(
                    content: Card(body: [
                        Block(text: message.subject, weight: "Bolder"), Block(text: text, weight: "Default"),
                    ]))
            ]
        }

        struct Attachment: Encodable {
            var contentType = "application/vnd.microsoft.card.adaptive"
            var content: Card
        }

        struct Card: Encodable {
            var type = "AdaptiveCard"
            var version = "1.4"
            var body: [Block]
        }

        struct Block: Encodable {
            var type = "TextBlock"
            var text: String
            var weight: String
            var wrap = true
        }
    }
}
