import Foundation
import Wire

/// What one school told of one day, over all agents and runs.
struct SchoolDayCounts {
    /// The school's key in the database.
    var school: Int64
    /// The day, in days since 1970.
    var day: Int
    /// Devices of the school, whatever they used.
    var devices = 0
    private let content: Content

    /// Most days have one run of one agent, whose rows are read where they lie.
    private enum Content {
        case packed(Data)
        case rows([CountedRow])
        case flat(FlatRows)
    }

    /// Adds up what a school's agents told in their runs.
    ///
    /// Runs of a day see the same devices, so the largest stands; agents of a school see different ones and add up.
    /// Connections and queries add up throughout.
    init(school: Int64, day: Int, entries: [EntryCounts]) throws {
        self.school = school
        self.day = day
        if entries.count == 1 {
            devices = entries[0].devices
            content = entries[0].rows.map { .packed($0) } ?? .rows([])
            return
        }
        let agents = try Dictionary(grouping: entries, by: \.agent).values.map(Self.addingRuns)
        devices = agents.reduce(0) { $0.addingWithinBound($1.devices) }
        let merged = Self.merged(agents.map(\.rows)) { row, other in
            row.devices = row.devices.addingWithinBound(other.devices)
            row.hours.add(other.hours)
        }
        content = .rows(merged.sorted { $0.key < $1.key })
    }

    /// The same counts, to be gone through often.
    init(flattening counts: SchoolDayCounts) throws {
        (school, day, devices) = (counts.school, counts.day, counts.devices)
        let packed: Data =
            switch counts.content {
            case .packed(let data): data
            case .rows(let rows): Data(PackedRows.pack(rows))
            case .flat(let rows): rows.packed
            }
        content = try FlatRows(packed).map { .flat($0) } ?? .packed(packed)
    }

    /// Gives what counts of each name and segment, sorted by name.
    @inline(__always)
    func forEach(_ body: (_ name: Int64, _ segment: Int64, _ figures: DayFigures) throws -> Void) throws {
        switch content {
        case .packed(let data): try PackedRows.forEachFigures(in: data.span, body)
        case .rows(let rows): for row in rows { try body(row.name, row.segment, row.figures) }
        case .flat(let rows): try rows.forEach(body)
        }
    }

    /// Gives the hours of each segment of some names, sorted by name.
    func forEachHours(
        where isWanted: (_ name: Int64) -> Bool,
        _ body: (_ name: Int64, _ segment: Int64, _ hours: HourCounts) throws -> Void
    ) throws {
        switch content {
        case .packed(let data):
            try PackedRows.forEach(in: data.span) { row in
                if isWanted(row.name) { try body(row.name, row.segment, row.hours) }
            }
        case .rows(let rows):
            for row in rows where isWanted(row.name) { try body(row.name, row.segment, row.hours) }
        case .flat(let rows): try rows.forEachHours(where: isWanted, body)
        }
    }

    /// Gives each name that has a slot once, its segments added up, or one segment of it: they share no devices.
    ///
    /// - Returns: What all names add up to, with the devices of the largest; nil where none was seen.
    func forEachName(
        in segment: Int64?, _ slots: NameSlots, _ body: (_ slot: Int, _ figures: DayFigures) throws -> Void
    ) throws -> DayFigures? {
        if case .flat(let rows) = content, segment == nil {
            try rows.forEachName(slots, body)
            return rows.largest
        }
        var largest: DayFigures?
        var last: (name: Int64, use: DayFigures)?
        func finish() throws {
            guard let last else { return }
            largest = largest ?? DayFigures()
            largest?.keepLargest(last.use)
            let slot = slots[last.name]
            if slot >= 0 { try body(slot, last.use) }
        }
        try forEach { name, rowSegment, figures in
            if let segment, rowSegment != segment { return }
            if last?.name == name {
                last?.use.add(figures)
            } else {
                try finish()
                last = (name, figures)
            }
        }
        try finish()
        return largest
    }

    /// Gives all rows, sorted by name.
    func forEachRow(_ body: (borrowing CountedRow) throws -> Void) throws {
        switch content {
        case .packed(let data): try PackedRows.forEach(in: data.span, body)
        case .rows(let rows): for row in rows { try body(row) }
        case .flat(let rows): try PackedRows.forEach(in: rows.packed.span, body)
        }
    }

    private static func addingRuns(_ runs: [EntryCounts]) throws -> (devices: Int, rows: [CountedRow]) {
        let lists = try runs.map { run in try run.rows.map { try PackedRows.unpack($0.span) } ?? [] }
        let rows = merged(lists) { row, other in
            row.devices = max(row.devices, other.devices)
            row.hours.keepLargest(of: other.hours)
        }
        return (runs.map(\.devices).max() ?? 0, rows)
    }

    private static func merged(
        _ lists: [[CountedRow]], devices: (inout CountedRow, CountedRow) -> Void
    ) -> [CountedRow] {
        guard lists.count > 1 else { return lists.first ?? [] }
        var rows: [RowKey: CountedRow] = [:]
        for row in lists.joined() {
            let key = RowKey(name: row.name, segment: row.segment)
            guard var known = rows[key] else {
                rows[key] = row
                continue
            }
            known.counts += row.counts
            devices(&known, row)
            rows[key] = known
        }
        return Array(rows.values)
    }

    private struct RowKey: Hashable {
        var name: Int64
        var segment: Int64
    }
}

/// What one run of an agent's day has in it.
struct EntryCounts {
    /// The agent's key in the database.
    var agent: Int64
    /// Devices of the run.
    var devices: Int
    /// Its rows as they lie in the database; nil where it has none.
    var rows: Data?
}

/// The counts of a name in a segment.
struct CountedRow {
    /// The name's key in the database.
    var name: Int64
    /// The segment's key in the database.
    var segment: Int64
    /// Queries and connections.
    var counts: UseCounts
    /// Devices.
    var devices: Int
    /// Devices by hour.
    var hours: HourCounts
}

/// Devices in each hour, as far as they were told.
struct HourCounts: Equatable {
    private var devices = InlineArray<24, Int>(repeating: 0)
    /// A bit for each hour with devices, the lowest for hour 0: most hours of most names have none.
    private(set) var mask: UInt32 = 0

    /// Makes counts of nothing.
    init() {}

    /// Makes counts of the devices of each hour, 0 to 23.
    init(_ told: [Int: Int]) {
        for (hour, count) in told { self[hour] = count }
    }

    /// The devices of an hour, 0 to 23.
    subscript(hour: Int) -> Int {
        get { devices[hour] }
        set {
            devices[hour] = newValue
            let bit: UInt32 = 1 << UInt32(hour)
            mask = newValue > 0 ? mask | bit : mask & ~bit
        }
    }

    /// Forgets all devices.
    mutating func clear() {
        while mask != 0 {
            devices[mask.trailingZeroBitCount] = 0
            mask &= mask - 1
        }
    }

    /// The devices of all hours added up.
    var total: Int {
        var total = 0
        var rest = mask
        while rest != 0 {
            total = total.addingWithinBound(devices[rest.trailingZeroBitCount])
            rest &= rest - 1
        }
        return total
    }

    /// Adds other devices.
    mutating func add(_ other: HourCounts) {
        var rest = other.mask
        while rest != 0 {
            let hour = rest.trailingZeroBitCount
            devices[hour] = devices[hour].addingWithinBound(other.devices[hour])
            rest &= rest - 1
        }
        mask |= other.mask
    }

    /// Keeps the larger of each hour.
    mutating func keepLargest(of other: HourCounts) {
        var rest = other.mask
        while rest != 0 {
            let hour = rest.trailingZeroBitCount
            devices[hour] = max(devices[hour], other.devices[hour])
            rest &= rest - 1
        }
        mask |= other.mask
    }

    static func == (left: HourCounts, right: HourCounts) -> Bool {
        left.mask == right.mask && (0..<24).allSatisfy { left.devices[$0] == right.devices[$0] }
    }
}
