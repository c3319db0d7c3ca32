package import Programme
import Wire

/// What changed on a list, as a feed (RFC 4287).
package struct AtomFeed: Sendable, Equatable {
    /// What the feed is called.
    package var title: String
    /// An identifier that never changes: a URI.
    package var identifier: String
    /// Where the feed is; empty where nobody said.
    package var link: String
    /// The changes, newest first.
    package var changes: [ListChange]

    /// Makes a feed.
    package init(title: String, identifier: String, link: String, changes: [ListChange]) {
        self.title = title
        self.identifier = identifier
        self.link = link
        self.changes = changes
    }

    /// The feed as XML.
    package var xml: String {
        let updated = changes.map(\.at).max() ?? 0
        var xml = """
            <?xml version="1.0" encoding="utf-8"?>
            <feed xmlns="http://www.w3.org/2005/Atom">
            <title>\(escapedForXML(title))</title>
            <id>\(escapedForXML(identifier))</id>
            <updated>\(Moments.iso(updated))</updated>
            <author><name>Rollcall</name></author>

            """
        if !link.isEmpty { xml += "<link rel=\"self\" href=\"\(escapedForXML(link))\"/>\n" }
        for change in changes {
            xml += """
                <entry>
                <title>\(escapedForXML(change.sentence))</title>
                <id>\(escapedForXML("\(identifier):\(change.at):\(href("", [("", change.platform)]).dropFirst(2))"))</id>
                <updated>\(Moments.iso(change.at))</updated>
                <summary>\(escapedForXML(change.sentence))</summary>
                </entry>

                """
        }
        return xml + "</feed>\n"
    }
}

/// The text for XML, without the controls that XML 1.0 cannot have at all.
private func escapedForXML(_ text: String) -> String {
    let allowed = text.unicodeScalars.filter { $0.value >= 0x20 || $0 == "\n" || $0 == "\t" }
    return escapedForHTML(String(String.UnicodeScalarView(allowed)))
}
