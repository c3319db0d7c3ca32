package import Registry
package import Store

/// Whether a tool is used for itself, or comes along inside the pages of others.
package enum Manner: Sendable, Equatable {
    /// Its own site, or an app's service, was reached.
    case used
    /// Almost only names were seen that other sites load parts from.
    case embedded(Embedding)
    /// It is what tools run on, and no tool.
    case infrastructure

    /// Tells of a platform by its kind and its names.
    package init(of platform: Platform, names: [LargestName]) {
        self = platform.kind == .infrastructure ? .infrastructure : Manner(names: names)
    }

    /// Tells used from embedded by the names that were seen and how many devices used each.
    ///
    /// A page loads parts of others from names that are made for it: a player, a widget, a pixel, a font. Somebody who
    /// *uses* a tool opens its own site, and that has another name. So a tool is embedded when the largest of its names
    /// that serve parts has at least ten times the devices of the largest of all others.
    package init(names: [LargestName]) {
        let parts = names.filter { servesParts($0.name) }.sorted { ($1.devices, $0.name) < ($0.devices, $1.name) }
        let own = names.filter { !servesParts($0.name) }.map(\.devices).max() ?? 0
        guard let largest = parts.first?.devices, largest > 0, own <= largest / 10 else {
            self = .used
            return
        }
        self = .embedded(Embedding(devices: largest, ownDevices: own, names: parts.map(\.name)))
    }
}

/// Why a tool is called embedded.
package struct Embedding: Sendable, Equatable {
    /// Devices of the largest name that other sites load parts from, on the busiest day.
    package var devices: Int
    /// Devices of the largest of all other names.
    package var ownDevices: Int
    /// The names of the first kind, most devices first.
    package var names: [String]

    /// Makes an evidence.
    package init(devices: Int, ownDevices: Int, names: [String]) {
        self.devices = devices
        self.ownDevices = ownDevices
        self.names = names
    }
}

/// Whether other sites' pages load parts from a host: one of its labels is the word for such a part, or its domain has
/// no other purpose.
package func servesParts(_ name: String) -> Bool {
    if partDomains.contains(where: { name == $0 || name.hasSuffix("." + $0) }) { return true }
    // The last two labels are the domain's own name, which may be such a word by accident.
    let labels = name.split(separator: ".").dropLast(2)
    return labels.contains { label in
        label.split(separator: "-").contains { partWords.contains(String($0)) }
    }
}

/// Labels of names that are made for other sites' pages.
///
/// Words that are sites of their own just as often, such as
/// `images`, `media` and `platform`, are not among them.
private let partWords: Set<String> = [
    "ads", "analytics", "asset", "assets", "badge", "badges", "beacon", "cdn", "cdns", "embed", "embedded", "embeds",
    "fonts", "gstatic", "img", "imgs", "js", "metrics", "oembed", "pixel", "pixels", "player", "plugin", "plugins",
    "px",
    "sdk", "static", "stats", "syndication", "tag", "tags", "telemetry", "thumbs", "track", "tracker", "tracking",
    "widget", "widgets",
]

/// Domains and hosts that have nothing to open, only parts to load.
private let partDomains = [
    "connect.facebook.net", "platform.linkedin.com", "platform.twitter.com", "platform.x.com", "youtube-nocookie.com",
    "ytimg.com",
]
