package import Registry
internal import Wire

/// The devices of platforms on one day, each counted once over all of the platform's names.
///
/// Nothing is kept per sighting: a platform's devices are the union of the sketches of its rows, which is taken when it
/// is to be told, when an hour ends, and before sketches are forgotten.
struct GroupTallies: Sendable {
    struct Group: Sendable {
        var name: String
        /// The estimate never goes below this.
        var leastDevices: UInt32 = 0
        /// 24 estimates; empty while no hour may be told.
        var hours: [UInt16] = []
        var isDirty = false
        var isPending = false
        var toldAt: UInt32 = 0
    }

    var groups: [Group] = []
    private var patterns = NamePatterns()
    /// Per name of the day, the number of its group; as far as they were asked for.
    private var numbers: [UInt16] = []

    init() {}

    /// Takes other groups; those that are known by name keep what was counted.
    mutating func take(_ settings: [TallySettings.Group]) {
        let known = Dictionary(groups.map { ($0.name, $0) }) { first, _ in first }
        groups = settings.prefix(TallySettings.mostGroups).map { known[$0.name] ?? Group(name: $0.name) }
        patterns = NamePatterns(
            settings.prefix(TallySettings.mostGroups).enumerated().flatMap { number, group in
                group.patterns.map { ($0, UInt16(number)) }
            })
        forgetNumbers()
    }

    /// Whether there is nothing to find out.
    var isIdle: Bool { patterns.isEmpty }

    /// Whether something is to be told now or later in the day; what fewer than k devices used is not.
    func hasNews(k: Int) -> Bool { groups.contains { $0.isDirty && Int($0.leastDevices) >= k } }

    /// The numbers of names change when the table of names is made anew.
    mutating func forgetNumbers() { numbers = [] }

    /// The group of a name; nil when it belongs to none.
    mutating func group(of name: UInt32, in names: borrowing NameTable) -> Int? {
        while numbers.count <= Int(name) {
            numbers.append(patterns.match(names.name(UInt32(numbers.count))) ?? UInt16.max)
        }
        let number = numbers[Int(name)]
        return number == UInt16.max ? nil : Int(number)
    }

    mutating func note(devices: Int, of group: Int) {
        guard devices > Int(groups[group].leastDevices) else { return }
        groups[group].leastDevices = UInt32(devices)
        groups[group].isDirty = true
    }

    mutating func note(devices: Int, hour: Int, of group: Int) {
        if groups[group].hours.isEmpty { groups[group].hours = Array(repeating: 0, count: 24) }
        guard devices > Int(groups[group].hours[hour]) else { return }
        groups[group].hours[hour] = UInt16(min(devices, Int(UInt16.max)))
        groups[group].isDirty = true
    }

    mutating func retract() {
        for index in groups.indices where groups[index].isPending {
            groups[index].isPending = false
            groups[index].isDirty = true
            groups[index].toldAt = 0
        }
    }

    mutating func confirm() {
        for index in groups.indices { groups[index].isPending = false }
    }
}

extension DayTally {
    /// Counts by another k from now on, and with other names kept apart and together.
    package mutating func apply(k: Int, keepApart: [NamePattern], groups: [TallySettings.Group]) {
        self.k = k
        // A platform's own domain is no part of the one above it.
        apart = NamePatterns(keepApart + groups.flatMap(\.patterns))
        self.groups.take(groups)
    }

    /// Takes over how many devices the groups have by now.
    package mutating func updateGroups() {
        guard !groups.isIdle, !hasEnded else { return }
        forEachGroup(of: rows.indices, { $0.devices }) { day, group, devices in
            day.groups.note(devices: devices, of: group)
        }
    }

    /// Keeps how many devices of each group were active in an hour that is over, where they are k at least.
    mutating func keepGroups(_ hour: Int) {
        guard !groups.isIdle else { return }
        forEachGroup(of: activeRows.map { Int($0) }, { $0.hourDevices }) { day, group, devices in
            if devices >= day.k { day.groups.note(devices: devices, hour: hour, of: group) }
        }
    }

    /// The groups that are to be told, where at least k devices used them.
    mutating func tellGroups(_ pause: Int) -> [GroupDevices] {
        var told: [GroupDevices] = []
        for index in groups.groups.indices where groups.groups[index].isDirty {
            let group = groups.groups[index]
            let isDue = group.toldAt == 0 || sequence - Int(group.toldAt) >= pause
            guard isDue, Int(group.leastDevices) >= k else { continue }
            groups.groups[index].isDirty = false
            groups.groups[index].isPending = true
            groups.groups[index].toldAt = UInt32(sequence)
            let hours = group.hours.enumerated().filter { $1 > 0 }.map { ($0, Int($1)) }
            told.append(
                GroupDevices(
                    name: group.name, devices: Int(group.leastDevices),
                    hours: Dictionary(hours) { first, _ in first }))
        }
        return told
    }

    /// Unites the sketches of each group's rows, and gives how many devices that is.
    private mutating func forEachGroup(
        of rows: some Sequence<Int>, _ sketch: (TallyRow) -> DeviceSketch,
        _ body: (inout DayTally, Int, Int) -> Void
    ) {
        var unions: [Int: DeviceSketch] = [:]
        for row in rows {
            let devices = sketch(self.rows[row])
            guard !devices.isEmpty, let group = groups.group(of: self.rows[row].name, in: names) else { continue }
            var union = unions[group] ?? DeviceSketch()
            pool.formUnion(&union, with: devices)
            unions[group] = union
        }
        for (group, union) in unions {
            body(&self, group, pool.estimate(union))
            var union = union
            pool.release(&union)
        }
    }
}

extension GroupTallies {
    func encode(_ writer: inout StateWriter) throws(StateError) {
        try writer.write(UInt32(groups.count))
        for group in groups {
            try writer.write(group.name)
            try writer.write(group.leastDevices)
            try writer.write(group.isDirty || group.isPending)
            try writer.write(group.isPending ? 0 : group.toldAt)
            try writer.write(!group.hours.isEmpty)
            for estimate in group.hours { try writer.write(estimate) }
        }
    }

    init(_ reader: inout StateReader) throws(StateReader.Damage) {
        for _ in 0..<(try reader.count(ofSize: 14)) {
            var group = Group(name: try reader.text())
            group.leastDevices = try reader.read()
            group.isDirty = try reader.read()
            group.toldAt = try reader.read()
            if try reader.read() { for _ in 0..<24 { group.hours.append(try reader.read()) } }
            groups.append(group)
        }
    }
}
