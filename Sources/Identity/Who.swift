/// Who did something, and by which way, as the audit log keeps it.
package struct Who: Sendable, Equatable {
    /// The person's sign-in name, the token's name, or the user of the command line.
    package var name: String
    /// By which way they came.
    package var way: Way
    /// The address that they came from; nil where they used none.
    package var address: String?

    /// The ways to change something.
    package enum Way: String, Sendable, CaseIterable, Codable {
        /// A person's browser.
        case page
        /// A script with an API token.
        case token
        /// `rollcall-collector` on the collector's machine.
        case command
        /// A gateway's agent.
        case agent
        /// The collector of its own accord.
        case collector
    }

    /// Names somebody.
    package init(name: String, way: Way, address: String? = nil) {
        self.name = name
        self.way = way
        self.address = address
    }
}
