import Usage

/// How much of what happened could be named, beside every other figure.
struct CoverageFigures: Equatable {
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

    init(_ coverage: Coverage) {
        let read = coverage.named.tls + coverage.named.quic - coverage.attributed
        let unnamed = coverage.unnamedTLS + coverage.unnamedQUIC
        let all = read + coverage.attributed + unnamed
        coverageHeading =
            percentage(read + coverage.attributed, of: all).map { "\($0) of connections could be named" }
            ?? "No connection was seen"
        coverageMeaning =
            "What cannot be named cannot be matched with a tool. These figures say how much that is. "
            + "\(counted(coverage.agents, "agent")) reported."
        figures = [
            Figure(
                label: "Named", value: written(read),
                sentence: "connections told their name on the wire; \(written(coverage.named.dns)) DNS queries did too."
            ),
            Figure(
                label: "Attributed", value: written(coverage.attributed),
                sentence: "connections hid their name; it was concluded from the DNS answer that came before."),
            Figure(
                label: "Unnamed", value: written(unnamed),
                sentence: "connections stayed without a name (\(written(coverage.unnamedTLS)) TLS, "
                    + "\(written(coverage.unnamedQUIC)) QUIC). Tools may hide among them."),
            Self.encryptedDNS(coverage.encryptedDNS),
            Figure(
                label: "Withheld", value: written(coverage.withheldNames),
                sentence: "names were held back because too few devices shared them. That protects single people; it "
                    + "hides \(counted(coverage.withheld.dns, "query", "queries")) and "
                    + "\(counted(coverage.withheld.tls + coverage.withheld.quic, "connection")). "
                    + "A name at two schools counts twice."),
        ]
    }

    private static func encryptedDNS(_ seen: (dot: Int, doq: Int, doh: Int)) -> Figure {
        Figure(
            label: "Encrypted DNS", value: written(seen.dot + seen.doq + seen.doh),
            sentence: "connections asked a resolver that the school cannot read (\(written(seen.dot)) DoT, "
                + "\(written(seen.doq)) DoQ, \(written(seen.doh)) DoH). Their queries are missing here.")
    }
}
