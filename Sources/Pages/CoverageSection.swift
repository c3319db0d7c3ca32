import Store
import Wire

/// How much of what happened could be named, beside every other figure.
struct CoverageSection: Equatable {
    /// Such as `93% of connections could be named`.
    var coverageHeading: String
    var coverageMeaning: String
    var figures: [Figure]

    /// A figure and what it means.
    struct Figure: Equatable {
        var label: String
        var value: String
        var sentence: String
    }

    init(_ coverage: CoverageFigures) {
        let named = coverage.named.tls + coverage.named.quic + coverage.named.http
        let unnamed = coverage.unnamed.tls + coverage.unnamed.quic
        coverageHeading =
            percentage(named, of: named + unnamed).map { "\($0) of connections could be named" }
            ?? "No connection was seen"
        coverageMeaning =
            "What cannot be named cannot be matched with a tool. These figures say how much that is. "
            + "\(counted(coverage.agents, "gateway")) at \(counted(coverage.reportingSchools, "school")) reported."
        figures = [
            Figure(
                label: "Named", value: written(named - coverage.named.attributed),
                sentence: "connections told their name on the wire; \(written(coverage.named.dns)) DNS queries did too."
            ),
            Figure(
                label: "Attributed", value: written(coverage.named.attributed),
                sentence: "connections hid their name; it was concluded from the DNS answer that came before."),
            Figure(
                label: "Unnamed", value: written(unnamed),
                sentence: "connections stayed without a name (\(written(coverage.unnamed.tls)) TLS, "
                    + "\(written(coverage.unnamed.quic)) QUIC). Tools may hide among them."),
            Self.encryptedDNS(coverage.encryptedDNS, coverage.declines),
            Self.hidden(coverage.hidden, coverage.declines),
            Figure(
                label: "Withheld", value: written(coverage.withheld.names),
                sentence: "names were held back because too few devices shared them. That protects single people; it "
                    + "hides \(counted(coverage.withheld.dns, "query", "queries")) and "
                    + "\(counted(coverage.withheld.tls + coverage.withheld.quic + coverage.withheld.http, "connection")). "
                    + "A name counts once for each school and day."),
        ]
    }

    private static func encryptedDNS(_ seen: EncryptedDNS, _ declines: Declines) -> Figure {
        let line = Declines(encryptedDNS: declines.encryptedDNS).dnsmasqLine
        return Figure(
            label: "Encrypted DNS", value: written(seen.dot + seen.doq + seen.doh),
            sentence: "connections asked a resolver that the school cannot read (\(written(seen.dot)) DoT, "
                + "\(written(seen.doq)) DoQ, \(written(seen.doh)) DoH). Their queries are missing here."
                + declined(declines.encryptedDNS, "browsers to keep to the school’s resolver", line))
    }

    private static func hidden(_ seen: Hidden, _ declines: Declines) -> Figure {
        let line = Declines(privateRelay: declines.privateRelay).dnsmasqLine
        return Figure(
            label: "Relays and VPNs", value: written(seen.relay + seen.vpn),
            sentence: "connections went into a relay (\(written(seen.relay))) or a VPN (\(written(seen.vpn))). "
                + "What is behind them, nobody on the way can count."
                + declined(declines.privateRelay, "devices not to use relays", line))
    }

    /// What the schools' resolvers tell devices, where any asked, and the line that makes them tell the other.
    private static func declined(_ answers: Declines.Answers, _ whom: String, _ line: String?) -> String {
        if answers.declined + answers.allowed == 0 { return "" }
        if answers.allowed == 0 { return " The schools’ resolvers ask \(whom)." }
        return
            " \(percentage(answers.allowed, of: answers.declined + answers.allowed) ?? "0%") of the answers that devices got "
            + "do not ask \(whom); \(line ?? "a line") in the settings of dnsmasq does."
    }
}
