package import Wire

/// A report of which every row holds what a row must; only such a one can be stored.
package struct AcceptedReport: Sendable, Equatable {
    /// The agent's version.
    package let version: String
    /// When it was sent, in seconds since 1970 by the agent's clock.
    package let sentAt: Int
    /// How the agent is; nil where it does not tell, or told nonsense.
    package let health: Health?
    /// The days and rows that are as they should be.
    package let days: [Day]
    /// What was left out, and why.
    package let skipped: [Receipt.Skipped]

    /// Checks a report row by row: what is wrong is left out and named, the rest stands.
    ///
    /// - Parameters:
    ///   - report: What the agent says.
    ///   - today: The collector's day, from which an agent's clock may differ a little.
    ///   - oldest: The first day of which names are kept.
    package init(checking report: Report, today: SchoolDay, oldest: SchoolDay = .firstOfAll) {
        var skipped: [Receipt.Skipped] = []
        var days: [Day] = []
        for (index, day) in report.days.enumerated() {
            let pointer = "/days/\(index)"
            if let mistake = day.mistake(today: today, oldest: oldest) {
                skipped.append(
                    Receipt.Skipped(pointer: pointer + mistake.field, detail: "\(mistake.detail); the day was skipped"))
                continue
            }
            var accepted = day
            accepted.rows = []
            let groups = day.checkedGroups(pointer)
            accepted.groups = groups.sound
            skipped += [groups.skipped].compactMap(\.self)
            for (number, row) in day.rows.enumerated() {
                if let mistake = row.mistake {
                    skipped.append(
                        Receipt.Skipped(
                            pointer: "\(pointer)/rows/\(number)\(mistake.field)",
                            detail: "\(mistake.detail); the row was skipped"))
                } else {
                    accepted.rows.append(row)
                }
            }
            days.append(accepted)
        }
        self.version = report.version.onOneLine(100)
        self.sentAt = min(max(report.sentAt, 0), 1 << 53)
        self.days = days
        if let mistake = report.health?.mistake {
            health = nil
            skipped.append(
                Receipt.Skipped(pointer: "/health\(mistake.field)", detail: "\(mistake.detail); health was skipped"))
        } else {
            health = report.health
        }
        self.skipped = skipped
    }

    /// What the agent is told when the report is on the disk.
    package var receipt: Receipt {
        Receipt(stored: days.reduce(0) { $0 + $1.rows.count }, skipped: skipped)
    }
}

extension SchoolDay {
    /// 2000-01-01: a clock that says less was never set.
    package static let firstOfAll = SchoolDay(ordinal: 10_957)
}

/// A field that is not as it should be.
struct FieldMistake: Equatable {
    /// The field: a JSON pointer from the row or day.
    var field: String
    /// What is wrong and how it should be.
    var detail: String
}

extension FieldMistake {
    /// The first of some counts that is none: negative, or larger than a number of JSON is exact (RFC 8259 section 6).
    static func count(in counts: [(field: String, count: Int)]) -> FieldMistake? {
        counts.first { !(0...(1 << 53)).contains($0.count) }.map { field, count in
            FieldMistake(field: field, detail: "\(count) is no count; counts are whole numbers from 0 to 2^53")
        }
    }
}

extension Day {
    /// What is wrong with the day as a whole, or nil.
    fileprivate func mistake(today: SchoolDay, oldest: SchoolDay) -> FieldMistake? {
        if day < .firstOfAll {
            return FieldMistake(field: "/day", detail: "\(day) is before 2000; set the gateway's clock")
        }
        if day < oldest {
            return FieldMistake(field: "/day", detail: "\(day) is before \(oldest), from when on names are kept")
        }
        if day > today.advanced(by: 2) {
            return FieldMistake(
                field: "/day", detail: "\(day) is in the future (it is \(today) here); set the gateway's clock")
        }
        let isHexadecimal = run.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        if run.utf8.count != 32 || !isHexadecimal {
            return FieldMistake(field: "/run", detail: "a run is 32 lower-case hexadecimal digits")
        }
        return FieldMistake.count(in: [
            ("/sequence", sequence), ("/devices", devices), ("/unnamed/tls", unnamed.tls),
            ("/unnamed/quic", unnamed.quic), ("/encrypted_dns/dot", encryptedDNS.dot),
            ("/encrypted_dns/doq", encryptedDNS.doq), ("/encrypted_dns/doh", encryptedDNS.doh),
            ("/hidden/relay", hidden.relay), ("/hidden/vpn", hidden.vpn),
            ("/declines/encrypted_dns/declined", declines.encryptedDNS.declined),
            ("/declines/encrypted_dns/allowed", declines.encryptedDNS.allowed),
            ("/declines/private_relay/declined", declines.privateRelay.declined),
            ("/declines/private_relay/allowed", declines.privateRelay.allowed),
            ("/withheld/names", withheld.names), ("/withheld/dns", withheld.dns), ("/withheld/tls", withheld.tls),
            ("/withheld/quic", withheld.quic), ("/withheld/http", withheld.http),
            ("/withheld/attributed", withheld.attributed),
        ])
    }
}

extension Row {
    /// What is wrong with the row, or nil.
    fileprivate var mistake: FieldMistake? {
        if let mistake = ReportedName.mistake(in: name) {
            return FieldMistake(field: "/name", detail: "\"\(name.onOneLine(80))\" \(mistake)")
        }
        if segment.count > 100 || segment.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        {
            return FieldMistake(field: "/segment", detail: "a segment has at most 100 characters, on one line")
        }
        let counts = [
            ("/dns", dns), ("/tls", tls), ("/quic", quic), ("/http", http), ("/attributed", attributed),
            ("/devices", devices),
        ]
        if let mistake = FieldMistake.count(in: counts) { return mistake }
        if attributed > tls + quic {
            return FieldMistake(
                field: "/attributed",
                detail: "\(attributed) attributed connections are more than the \(tls + quic) there were")
        }
        if let hour = hours.keys.sorted().first(where: { !(0...23).contains($0) }) {
            return FieldMistake(field: "/hours", detail: "\(hour) is no hour; hours are 0 to 23")
        }
        return FieldMistake.count(in: hours.sorted { $0.key < $1.key }.map { ("/hours/\($0.key)", $0.value) })
    }
}

extension Health {
    /// More interfaces or tables than any gateway has: what is beyond is no health report.
    private static let mostEntries = 256

    /// What is wrong with the state of health, or nil.
    fileprivate var mistake: FieldMistake? {
        let bound = Self.mostEntries
        if interfaces.count > bound {
            return FieldMistake(
                field: "/interfaces", detail: "there are \(interfaces.count); at most \(bound) are kept")
        }
        if evictions.count > bound {
            return FieldMistake(field: "/evictions", detail: "there are \(evictions.count); at most \(bound) are kept")
        }
        let names =
            interfaces.enumerated().map { ("/interfaces/\($0)/name", $1.name) }
            + evictions.keys.sorted().map { ("/evictions", $0) }
        if let (field, name) = names.first(where: { $0.1.isEmpty || $0.1.count > 100 || $0.1 != $0.1.onOneLine(100) }) {
            return FieldMistake(
                field: field, detail: "\"\(name.onOneLine(40))\" is no name; it has 1 to 100 characters on one line")
        }
        let counts = [
            ("/uptime_seconds", uptimeSeconds), ("/malformed", malformed), ("/rows", rows),
            ("/row_capacity", rowCapacity), ("/memory_bytes", memoryBytes), ("/cpu_milliseconds", cpuMilliseconds),
            ("/device_addresses", deviceAddresses), ("/settings_version", settingsVersion),
        ]
        let perInterface = interfaces.enumerated().flatMap { index, interface in
            [
                ("/interfaces/\(index)/frames", interface.frames),
                ("/interfaces/\(index)/dropped_by_kernel", interface.droppedByKernel),
                ("/interfaces/\(index)/dropped_by_interface", interface.droppedByInterface),
            ]
        }
        let perTable = evictions.sorted { $0.key < $1.key }.map { ("/evictions/\($0.key)", $0.value) }
        return FieldMistake.count(in: counts + perInterface + perTable)
    }
}
