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
            let escaped = message.text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
                .replacing(">", with: "&gt;")
            // Slack cuts at 40,000 characters.
            text = "*\(message.subject)*\n\(escaped)".prefix(39_000).description
        }
    }

    private struct Teams: Encodable {
        var type = "message"
        var attachments: [Attachment]

        init(_ message: Message) {
            // A card has 28 KiB at most.
            let text = message.text.prefix(20_000).description
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
