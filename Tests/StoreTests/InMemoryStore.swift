import Identity
import Wire

@testable import Store

/// The plainest store there is: what any other has to agree with. It keeps nothing when it ends.
actor InMemoryStore: ObservationStore {
    private struct Entry: Hashable {
        var agent: Int64
        var day: SchoolDay
        var run: String
    }

    private struct Place: Hashable {
        var name: String
        var segment: String
    }

    private var schools: [Int64: String] = [:]
    private var entries: [Entry: (school: String, whole: Day, rows: [Place: Row])] = [:]

    func join(_ school: String) -> AgentIdentity {
        let key = Int64(schools.count + 1)
        let name = schools.values.first { $0.lowercased() == school.lowercased() } ?? school
        schools[key] = name
        return AgentIdentity(row: key, identifier: "agent \(key)", school: name)
    }

    func record(_ report: AcceptedReport, from agent: AgentIdentity, at now: Int) {
        for day in report.days {
            let key = Entry(agent: agent.row, day: day.day, run: day.run)
            var entry = entries[key] ?? (agent.school, day, [:])
            entry.whole = Self.newest(entry.whole, day)
            for row in day.rows {
                let place = Place(name: row.name, segment: row.segment)
                entry.rows[place] = entry.rows[place].map { Self.largest($0, row) } ?? row
            }
            entries[key] = entry
        }
    }

    func observations(in scope: ObservationScope) throws -> Store.Observations {
        try observations(in: scope) { _ in false }.0
    }

    func observations(
        in scope: ObservationScope, dayByDayFor belongs: @escaping @Sendable (String) -> Bool
    ) throws -> (Store.Observations, [DayObservation]) {
        if let school = scope.school, !schools.values.contains(where: { $0.lowercased() == school.lowercased() }) {
            throw StoreError.unknownSchool(school, known: Set(schools.values).sorted())
        }
        let chosen = entries.filter { key, entry in
            (scope.school.map { $0.lowercased() == entry.school.lowercased() } ?? true)
                && key.day >= scope.from ?? key.day && key.day <= scope.to ?? key.day
        }
        var observations = Store.Observations()
        var days: [DayObservation] = []
        for (school, entries) in Dictionary(grouping: chosen, by: \.value.school).sorted(by: { $0.key < $1.key }) {
            let dates = entries.map(\.key.day)
            guard let first = dates.min(), let last = dates.max() else { continue }
            observations.schools.append(
                SchoolObservation(
                    school: school, firstDay: "\(first)", lastDay: "\(last)",
                    agents: Set(entries.map(\.key.agent)).count))
            for day in Set(dates).sorted() {
                let uses = Self.uses(
                    entries.filter { $0.key.day == day }.map { ($0.key.agent, Array($0.value.rows.values)) })
                add(uses, of: school, on: day, belongs, &observations, &days)
            }
            for (_, entry) in entries { Self.add(entry.whole, to: &observations) }
        }
        return (observations, days.sorted { ($0.day, $0.school) < ($1.day, $1.school) })
    }

    /// Of runs the largest devices, with counts added up; of agents and segments everything added up.
    private static func uses(_ entries: [(agent: Int64, rows: [Row])]) -> [String: Row] {
        struct Key: Hashable { var (agent, name, segment): (Int64, String, String) }
        var perAgent: [Key: Row] = [:]
        for (agent, rows) in entries {
            for row in rows {
                let key = Key(agent: agent, name: row.name, segment: row.segment)
                var sum = adding(perAgent[key], row)
                sum.devices = max(perAgent[key]?.devices ?? 0, row.devices)
                perAgent[key] = sum
            }
        }
        var uses: [String: Row] = [:]
        for row in perAgent.values { uses[row.name] = adding(uses[row.name], row) }
        return uses
    }

    private static func adding(_ left: Row?, _ right: Row) -> Row {
        guard let left else { return right }
        var sum = left
        sum.dns = min(1 << 53, left.dns + right.dns)
        sum.tls = min(1 << 53, left.tls + right.tls)
        sum.quic = min(1 << 53, left.quic + right.quic)
        sum.attributed = min(1 << 53, left.attributed + right.attributed)
        sum.devices = min(1 << 53, left.devices + right.devices)
        return sum
    }

    private func add(
        _ uses: [String: Row], of school: String, on day: SchoolDay, _ belongs: (String) -> Bool,
        _ observations: inout Store.Observations, _ days: inout [DayObservation]
    ) {
        for use in uses.values {
            let index = observations.names.firstIndex { $0.school == school && $0.name == use.name }
            var seen =
                index.map { observations.names[$0] } ?? NameObservation(school: school, name: use.name, devices: 0)
            seen.devices = max(seen.devices, use.devices)
            seen.dns = min(1 << 53, seen.dns + use.dns)
            seen.tls = min(1 << 53, seen.tls + use.tls)
            seen.quic = min(1 << 53, seen.quic + use.quic)
            seen.attributed = min(1 << 53, seen.attributed + use.attributed)
            if let index { observations.names[index] = seen } else { observations.names.append(seen) }
        }
        let own = uses.values.filter { belongs($0.name) }
        guard !own.isEmpty else { return }
        let sum = own.dropFirst().reduce(own[0]) { Self.adding($0, $1) }
        days.append(
            DayObservation(
                day: "\(day)", school: school, devices: own.map(\.devices).max() ?? 0, dns: sum.dns, tls: sum.tls,
                quic: sum.quic, attributed: sum.attributed))
    }

    private static func add(_ day: Day, to observations: inout Store.Observations) {
        observations.unnamed.tls += day.unnamed.tls
        observations.unnamed.quic += day.unnamed.quic
        observations.encryptedDNS.dot += day.encryptedDNS.dot
        observations.encryptedDNS.doq += day.encryptedDNS.doq
        observations.encryptedDNS.doh += day.encryptedDNS.doh
        observations.withheld.names += day.withheld.names
        observations.withheld.dns += day.withheld.dns
        observations.withheld.tls += day.withheld.tls
        observations.withheld.quic += day.withheld.quic
        observations.withheld.http += day.withheld.http
        observations.withheld.attributed += day.withheld.attributed
    }

    private static func newest(_ left: Day, _ right: Day) -> Day {
        var newest = left
        if right.sequence > left.sequence { newest.withheld = right.withheld }
        newest.sequence = max(left.sequence, right.sequence)
        newest.unnamed.tls = max(left.unnamed.tls, right.unnamed.tls)
        newest.unnamed.quic = max(left.unnamed.quic, right.unnamed.quic)
        newest.encryptedDNS.dot = max(left.encryptedDNS.dot, right.encryptedDNS.dot)
        newest.encryptedDNS.doq = max(left.encryptedDNS.doq, right.encryptedDNS.doq)
        newest.encryptedDNS.doh = max(left.encryptedDNS.doh, right.encryptedDNS.doh)
        return newest
    }

    private static func largest(_ left: Row, _ right: Row) -> Row {
        var row = left
        row.dns = max(left.dns, right.dns)
        row.tls = max(left.tls, right.tls)
        row.quic = max(left.quic, right.quic)
        row.attributed = max(left.attributed, right.attributed)
        row.devices = max(left.devices, right.devices)
        return row
    }
}

/// The stores that the suite runs over.
enum StoreKind: CaseIterable, Sendable {
    case sqlite, memory

    /// A store that is empty, and a way to join it.
    func make(_ folder: TemporaryFolder) throws -> TestedStore {
        switch self {
        case .sqlite:
            let store = try SQLiteStore(path: folder.database)
            return TestedStore(folder: folder, store: store) { try await store.join($0) }
        case .memory:
            let store = InMemoryStore()
            return TestedStore(folder: folder, store: store) { await store.join($0) }
        }
    }
}

/// A store with a way for agents to join.
struct TestedStore: Sendable {
    /// Where it lies, as long as it is used.
    let folder: TemporaryFolder
    var store: any ObservationStore
    var join: @Sendable (String) async throws -> AgentIdentity

    func keep(_ day: Day, from agent: AgentIdentity) async throws {
        try await store.record(accepted([day]), from: agent, at: 1)
    }
}
