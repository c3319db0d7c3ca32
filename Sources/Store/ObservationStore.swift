package import Wire

/// Where the counts are kept: what is said to it, and what can be asked.
///
/// Names are kept as they were reported; what they belong to is decided when they are read.
package protocol ObservationStore: Sendable {
    /// Keeps a report; when this returns, it is on the disk.
    ///
    /// Each count is the largest that was ever said, so that it does not matter how often a report comes, nor in which
    /// order.
    func record(_ report: AcceptedReport, from agent: AgentIdentity, at now: Int) async throws

    /// The use of every name at every school, added up over days.
    func observations(in scope: ObservationScope) async throws -> Observations

    /// Likewise, and day by day for the names that `belongs` picks.
    func observations(
        in scope: ObservationScope, dayByDayFor belongs: @escaping @Sendable (String) -> Bool
    ) async throws -> (Observations, [DayObservation])
}

/// The schools and days that are asked about.
package struct ObservationScope: Sendable, Equatable {
    /// The one school, or nil for all.
    package var school: String?
    /// The first day, or nil for the first on record.
    package var from: SchoolDay?
    /// The last day, or nil for the last on record.
    package var to: SchoolDay?

    /// Makes a scope.
    package init(school: String? = nil, from: SchoolDay? = nil, to: SchoolDay? = nil) {
        self.school = school
        self.from = from
        self.to = to
    }
}

/// What was seen in a scope.
package struct Observations: Sendable, Equatable {
    /// The schools with data in the scope, sorted by name.
    package var schools: [SchoolObservation] = []
    /// The use of each name at each school.
    package var names: [NameObservation] = []
    /// What could not be named.
    package var unnamed = Unnamed()
    /// Uses of encrypted DNS.
    package var encryptedDNS = EncryptedDNS()
    /// What is held back at the schools.
    package var withheld = Withheld()

    /// Makes observations of nothing.
    package init() {}
}

/// A school with data.
package struct SchoolObservation: Sendable, Equatable {
    /// The school's name.
    package var school: String
    /// The first day with data in the scope.
    package var firstDay: String
    /// The last day with data in the scope.
    package var lastDay: String
    /// Agents that reported in the scope.
    package var agents: Int

    /// Makes an observation.
    package init(school: String, firstDay: String, lastDay: String, agents: Int) {
        self.school = school
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.agents = agents
    }
}

/// The use of one name at one school.
package struct NameObservation: Sendable, Equatable {
    /// The school's name.
    package var school: String
    /// The host name as it was reported.
    package var name: String
    /// Devices on the busiest day.
    package var devices: Int
    /// Queries.
    package var dns: Int
    /// TCP connections.
    package var tls: Int
    /// QUIC connections.
    package var quic: Int
    /// How many of the connections were attributed.
    package var attributed: Int

    /// Makes an observation.
    package init(
        school: String, name: String, devices: Int, dns: Int = 0, tls: Int = 0, quic: Int = 0, attributed: Int = 0
    ) {
        self.school = school
        self.name = name
        self.devices = devices
        self.dns = dns
        self.tls = tls
        self.quic = quic
        self.attributed = attributed
    }
}

/// The use of the names that were asked for, on one day at one school.
package struct DayObservation: Sendable, Equatable {
    /// The day.
    package var day: String
    /// The school's name.
    package var school: String
    /// Devices of the largest of the names.
    package var devices: Int
    /// Queries.
    package var dns: Int
    /// TCP connections.
    package var tls: Int
    /// QUIC connections.
    package var quic: Int
    /// How many of the connections were attributed.
    package var attributed: Int

    /// Makes an observation.
    package init(
        day: String, school: String, devices: Int, dns: Int = 0, tls: Int = 0, quic: Int = 0, attributed: Int = 0
    ) {
        self.day = day
        self.school = school
        self.devices = devices
        self.dns = dns
        self.tls = tls
        self.quic = quic
        self.attributed = attributed
    }
}

/// An agent whose secret was checked.
package struct AgentIdentity: Sendable, Equatable {
    /// The agent's key in the database.
    let row: Int64
    /// The identifier, which may be shown.
    package let identifier: String
    /// The school that it reports for.
    package let school: String
}
