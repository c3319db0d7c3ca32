package import Store

/// Whether a school, or a gateway, reports.
package enum Reporting: String, Sendable, Equatable, CaseIterable {
    /// A report came in time.
    case reporting
    /// Reports came, and then no more.
    case silent
    /// It joined, and no report ever came.
    case never
    /// The school is closed, or the gateway's secret was taken back: nothing is expected.
    case closed

    /// After how many seconds without a report a school counts as silent: a day, so that a school whose gateway is
    /// switched off over night does not.
    package static let schoolSilence = 86_400
    /// After how many seconds a gateway does: reports come every five minutes, and a gateway restarts in less than
    /// fifteen.
    package static let gatewaySilence = 15 * 60

    /// The state of something that last reported at a moment, or never.
    private init(lastReport: Int?, now: Int, silence: Int) {
        guard let lastReport else {
            self = .never
            return
        }
        self = now - lastReport > silence ? .silent : .reporting
    }

    /// The state of a school.
    package init(_ school: SchoolState, at now: Int) {
        self =
            school.closedAt != nil
            ? .closed : Self(lastReport: school.reportedAt, now: now, silence: Self.schoolSilence)
    }

    /// The state of a gateway.
    package init(_ agent: AgentState, at now: Int) {
        let isClosed = agent.revokedAt != nil || agent.schoolClosedAt != nil
        self = isClosed ? .closed : Self(lastReport: agent.reportedAt, now: now, silence: Self.gatewaySilence)
    }
}
