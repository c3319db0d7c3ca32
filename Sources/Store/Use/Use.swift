import Wire

/// The use of something on one day.
struct DayUse {
    /// Devices, at least.
    var devices = 0
    /// Devices by hour, at least.
    var hours = HourCounts()
    /// Device-hours, at least: those of the largest name, which may be fewer than the hours added up.
    var deviceHours = 0
    /// Queries and connections.
    var counts = UseCounts()

    /// Takes in another name: the same devices may use both.
    mutating func keepLargest(_ other: DayUse) {
        devices = max(devices, other.devices)
        deviceHours = max(deviceHours, other.deviceHours)
        hours.keepLargest(of: other.hours)
        counts += other.counts
    }

    /// Takes in another segment or school, which has other devices.
    mutating func add(_ other: DayUse) {
        devices = devices.addingWithinBound(other.devices)
        deviceHours = deviceHours.addingWithinBound(other.deviceHours)
        hours.add(other.hours)
        counts += other.counts
    }
}

/// The use of something over days and schools.
struct Use {
    /// Day by day, over all schools.
    var days: [Int: DayUse] = [:]
    /// The schools that used it.
    var schools: Set<Int64> = []

    /// Adds what one school did on a day.
    mutating func add(_ use: DayUse, school: Int64, day: Int) {
        days[day, default: DayUse()].add(use)
        schools.insert(school)
    }

    /// The figures over some school days.
    func figures(schoolDays: Set<Int>) -> UseFigures {
        var figures = UseFigures(schoolDays: schoolDays.count, daysSeen: days.count)
        for (day, use) in days {
            figures.counts += use.counts
            figures.busiestDevices = max(figures.busiestDevices, use.devices)
            guard schoolDays.contains(day) else { continue }
            figures.devicesOnSchoolDays = figures.devicesOnSchoolDays.addingWithinBound(use.devices)
            figures.deviceHoursOnSchoolDays = figures.deviceHoursOnSchoolDays.addingWithinBound(use.deviceHours)
        }
        return figures
    }
}

/// Adds up the use of what names belong to, school day by school day.
struct UseLedger<Key: Hashable> {
    /// The use of each key.
    private(set) var uses: [Key: Use] = [:]
    /// Whatever there was: devices are the schools'.
    private(set) var everything = Use()
    private let segment: Int64?
    private let key: (_ name: Int64, _ school: Int64) -> Key?

    /// Makes a ledger of one segment or all, that books each name of a school under a key, or not at all.
    init(segment: Int64?, key: @escaping (_ name: Int64, _ school: Int64) -> Key?) {
        self.segment = segment
        self.key = key
    }

    /// Books what a school told of a day.
    mutating func add(_ counts: SchoolDayCounts) {
        var day: [Key: DayUse] = [:]
        var whole = DayUse()
        var index = 0
        while index < counts.rows.count {
            let name = counts.rows[index].name
            var use = DayUse()
            var isSeen = false
            // Segments share no devices: they add up to the name's use.
            while index < counts.rows.count, counts.rows[index].name == name {
                let row = counts.rows[index]
                index += 1
                if let segment, row.segment != segment { continue }
                use.add(
                    DayUse(devices: row.devices, hours: row.hours, deviceHours: row.hours.total, counts: row.counts))
                isSeen = true
            }
            guard isSeen else { continue }
            whole.keepLargest(use)
            if let key = key(name, counts.school) { day[key, default: DayUse()].keepLargest(use) }
        }
        for (key, use) in day { uses[key, default: Use()].add(use, school: counts.school, day: counts.day) }
        // The school's own count has the devices of all names in it, where enough were there to tell it.
        if segment == nil { whole.devices = max(whole.devices, counts.devices) }
        everything.add(whole, school: counts.school, day: counts.day)
    }

    /// The school days: those on which at least a quarter of the devices of the busiest were there.
    var schoolDays: Set<Int> {
        let most = everything.days.values.map(\.devices).max() ?? 0
        return Set(everything.days.filter { $0.value.devices * 4 >= most }.keys)
    }
}
