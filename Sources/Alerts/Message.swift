/// What is sent to a reader, in every form that a channel may want.
package struct Message: Sendable, Equatable, Codable {
    /// The subject line.
    package var subject: String
    /// The message as plain text.
    package var text: String
    /// Likewise, as HTML.
    package var html: String
    /// The alerts in it, for programs; empty for other messages.
    package var alerts: [Alert]

    /// Makes a message.
    package init(subject: String, text: String, html: String, alerts: [Alert] = []) {
        self.subject = subject
        self.text = text
        self.html = html
        self.alerts = alerts
    }

    /// Makes a message of a few sentences.
    package init(subject: String, paragraphs: [String]) {
        let html = paragraphs.map { "<p>\(escaped($0))</p>" }.joined(separator: "\n")
        self.init(
            subject: subject, text: paragraphs.joined(separator: "\n\n") + "\n", html: Self.page(subject, html))
    }

    /// How many alerts of a kind are spelt out; the others are counted.
    package static let shown = 25

    /// Puts alerts into one message.
    ///
    /// - Parameters:
    ///   - alerts: The alerts, at least one.
    ///   - root: Where the collector's pages are, `https://rollcall.example`; empty where nobody said.
    package init(alerts: [Alert], root: String) {
        let groups = Dictionary(grouping: alerts, by: \.subject.kind)
        let kinds = Alert.Kind.allCases.filter { groups[$0] != nil }.sorted { $0.isUrgent && !$1.isUrgent }
        var (text, html) = ("", "")
        for kind in kinds {
            let group = (groups[kind] ?? []).sorted { left, right in
                (right.weight, left.subject.platform, left.subject.school)
                    < (left.weight, right.subject.platform, right.subject.school)
            }
            text += "\(kind.heading) (\(group.count))\n\n"
            html += "<h2>\(escaped(kind.heading)) (\(group.count))</h2>\n<ul>\n"
            for alert in group.prefix(Self.shown) {
                let sentences = "\(alert.seen) \(alert.registry) \(alert.ask)"
                text += "- \(sentences)\n" + (root.isEmpty ? "\n" : "  \(root)\(alert.link)\n\n")
                let link = root.isEmpty ? "" : " <a href=\"\(escaped(root + alert.link))\">Open</a>"
                html += "<li>\(escaped(sentences))\(link)</li>\n"
            }
            html += "</ul>\n"
            if group.count > Self.shown {
                let rest = "And \(group.count - Self.shown) more; all of them are on the alerts page."
                text += rest + (root.isEmpty ? "\n\n" : "\n  \(root)/alerts\n\n")
                html += "<p>\(rest)</p>\n"
            }
        }
        let subject = Self.subject(alerts, kinds)
        self.init(subject: subject, text: text, html: Self.page(subject, html), alerts: alerts)
    }

    private static func subject(_ alerts: [Alert], _ kinds: [Alert.Kind]) -> String {
        if alerts.count == 1, let alert = alerts.first {
            let about = [alert.subject.platform, alert.subject.school].filter { !$0.isEmpty }.joined(separator: " at ")
            return "Rollcall: \(alert.subject.kind.heading.lowercased()): \(about)"
        }
        let parts = kinds.map { kind in
            "\(kind.heading.lowercased()) (\(alerts.count { $0.subject.kind == kind }))"
        }
        return "Rollcall: " + parts.joined(separator: ", ")
    }

    private static func page(_ title: String, _ body: String) -> String {
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>\(escaped(title))</title></head>\n"
            + "<body>\n\(body)</body></html>\n"
    }
}

/// The text with everything escaped that HTML gives a meaning, scalar by scalar.
private func escaped(_ text: String) -> String {
    var html = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "<": html += "&lt;"
        case ">": html += "&gt;"
        case "&": html += "&amp;"
        case "\"": html += "&quot;"
        default: html.unicodeScalars.append(scalar)
        }
    }
    return html
}
