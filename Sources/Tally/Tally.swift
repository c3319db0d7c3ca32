package import Dissection
package import Foundation
package import Registry
package import Wire

/// How a tally is kept.
package struct TallySettings: Sendable {
    /// How many devices have to share a row before it is told.
    package var k: Int
    package var devices: DeviceRecognition.Mode
    /// In the order of the file: the first that matches wins.
    package var segments: [Segment]
    package var timeZone: TimeZone
    /// The bound on rows of a day.
    package var capacity: Int
    /// Clients that are never observed: a counsellor's room, for instance.
    package var excludedSubnets: [Subnet] = []
    package var excludedVLANs: Set<UInt16> = []
    /// Names that are never counted.
    package var excludedNames: [NamePattern] = []
    /// If there are some, no other names are counted.
    package var onlyNames: [NamePattern]?
    /// The hours of the day in which is counted; nil for all.
    package var hours: Range<Int>?
    /// Names that never fold into one above them.
    package var keepApart: [NamePattern] = []
    /// Platforms whose devices are counted once over all of their names.
    package var groups: [Group] = []

    /// A platform, and what belongs to it.
    package struct Group: Sendable, Equatable {
        package var name: String
        package var patterns: [NamePattern]

        package init(name: String, patterns: [NamePattern]) {
            self.name = name
            self.patterns = patterns
        }
    }

    package static let mostGroups = 5000

    package init(
        k: Int = 3, devices: DeviceRecognition.Mode = .auto, segments: [Segment] = [], timeZone: TimeZone = .current,
        capacity: Int = DayTally.usualCapacity
    ) {
        self.k = k
        self.devices = devices
        self.segments = segments
        self.timeZone = timeZone
        self.capacity = capacity
    }
}

/// The tally of a school: the day that is being counted, and days that ended and wait to be saved.
package struct Tally: Sendable {
    private var settings: TallySettings
    private var scope: CountingScope
    /// Set for a replay: everything counts on this day.
    private let replayedDay: SchoolDay?
    private var clock: SchoolClock
    private var recognition: DeviceRecognition
    /// The day being counted, if one began.
    package var current: DayTally?
    private var ended: [DayTally] = []
    /// The current day's numbers of the configured segments.
    private var segmentNumbers: [UInt16] = []
    private var latestNanoseconds = Int64.min

    /// Goes on with `current`, or begins with the first sighting.
    ///
    /// - Parameters:
    ///   - settings: How the tally is kept.
    ///   - current: The day whose state was saved, if any.
    ///   - replayedDay: The day on which everything counts, for a replay.
    package init(_ settings: TallySettings, current: DayTally? = nil, replayedDay: SchoolDay? = nil) {
        self.settings = settings
        self.replayedDay = replayedDay
        self.current = current
        scope = CountingScope(settings)
        clock = SchoolClock(settings.timeZone)
        recognition = DeviceRecognition(settings.devices)
        prepareDay()
    }

    /// Goes on by other settings: what was told stays told, and what is held is held by the new k.
    package mutating func apply(_ settings: TallySettings) {
        if settings.timeZone != self.settings.timeZone { clock = SchoolClock(settings.timeZone) }
        if settings.devices != self.settings.devices { recognition = DeviceRecognition(settings.devices) }
        self.settings = settings
        scope = CountingScope(settings)
        prepareDay()
    }

    /// Counts what a frame showed.
    package mutating func count(_ sightings: borrowing Sightings, interface: String? = nil) {
        for sighting in sightings.elements {
            let moment = moment(sighting.timestampNanoseconds)
            guard scope.contains(sighting.client, sightings.name(of: sighting), hour: moment.hour) else { continue }
            if current?.day != moment.day { begin(moment.day) }
            let device = sighting.isFromResolver ? nil : recognition.identity(of: sighting.client)
            let segment = segment(of: sighting.client, interface: interface)
            current?.count(
                sighting, name: sightings.name(of: sighting), device: device, segment: segment, hour: moment.hour)
        }
        for answer in sightings.policyAnswers {
            let moment = moment(answer.timestampNanoseconds)
            guard scope.contains(hour: moment.hour) else { continue }
            if current?.day != moment.day { begin(moment.day) }
            current?.count(answer)
        }
    }

    /// Ends the day if it is over, for the hours in which nothing is seen.
    package mutating func advance(toNanoseconds now: Int64) {
        guard let day = current?.day, moment(now).day != day else { return }
        endDay()
    }

    /// Ends the day that is being counted.
    package mutating func endDay() {
        guard var day = current.take(), !day.isEmpty else { return }
        day.end()
        ended.append(day)
    }

    /// Ends a replay; a capture without a single sighting gives an empty day, which tells that somebody looked.
    package consuming func endReplay(of day: SchoolDay) -> DayTally {
        var counted = current ?? DayTally(day: day, k: settings.k)
        counted.end()
        return counted
    }

    /// The days that ended since this was last asked; whoever takes them saves them.
    package mutating func takeEnded() -> [DayTally] {
        let days = ended
        ended = []
        return days
    }

    private mutating func begin(_ day: SchoolDay) {
        endDay()
        current = DayTally(day: day, k: settings.k, capacity: settings.capacity)
        prepareDay()
    }

    private mutating func prepareDay() {
        current?.apply(k: settings.k, keepApart: settings.keepApart, groups: settings.groups)
        segmentNumbers.removeAll()
        for segment in settings.segments { segmentNumbers.append(current?.number(ofSegment: segment.name) ?? 0) }
    }

    private func segment(of client: Client, interface: String?) -> UInt16 {
        for index in settings.segments.indices where settings.segments[index].contains(client, interface: interface) {
            return segmentNumbers[index]
        }
        return 0
    }

    /// The day and hour in which a sighting counts.
    ///
    /// Frames come a little out of order, which must not make an hour or a day begin anew; a clock that is set back
    /// further does.
    private mutating func moment(_ timestampNanoseconds: Int64) -> SchoolClock.Moment {
        let (behind, overflow) = latestNanoseconds.subtractingReportingOverflow(timestampNanoseconds)
        let isDisorder = !overflow && behind > 0 && behind < Self.disorderNanoseconds
        if !isDisorder { latestNanoseconds = timestampNanoseconds }
        var moment = clock.moment(latestNanoseconds)
        if let replayedDay { moment.day = replayedDay }
        return moment
    }

    private static let disorderNanoseconds: Int64 = 60_000_000_000
}

/// The tally of captures that are read as one window: no hours, no segments, no state.
package struct CaptureTally: Sendable {
    private var recognition: DeviceRecognition
    private var window: DayTally

    /// Begins a window; with `k` of 1 nothing is held back.
    package init(k: Int = 1, devices: DeviceRecognition.Mode = .auto) {
        recognition = DeviceRecognition(devices)
        // Who reads a capture has its addresses, and all of its names are wanted, as far as memory goes.
        window = DayTally(day: SchoolDay(ordinal: 0), k: k, capacity: 2_000_000, tellsAddresses: true)
    }

    /// Counts what a frame showed.
    package mutating func count(_ sightings: borrowing Sightings) {
        for sighting in sightings.elements { count(sighting, name: sightings.name(of: sighting)) }
        for answer in sightings.policyAnswers { window.count(answer) }
    }

    /// Counts one sighting.
    package mutating func count(_ sighting: Sighting, name: Span<UInt8>) {
        let device = sighting.isFromResolver ? nil : recognition.identity(of: sighting.client)
        window.count(sighting, name: name, device: device, segment: 0, hour: nil)
    }

    /// Ends the window: what is held folds as at the end of a school day.
    ///
    /// In place: as a copy it would take twice the memory. Nothing may be counted afterwards.
    package mutating func finish() -> Result {
        window.end()
        return Result(window)
    }

    /// What a window showed.
    package struct Result: Sendable {
        private let window: DayTally
        private let places: [UInt32]

        fileprivate init(_ window: DayTally) {
            self.window = window
            places = window.releasedPlaces
        }

        /// How many rows there are.
        package var rowCount: Int { places.count }
        package var unnamed: Unnamed { window.unnamedHandshakes }
        package var encryptedDNS: EncryptedDNS { window.encryptedDNSUses }
        package var hidden: Hidden { window.hiddenUses }
        package var declines: Declines { window.policyAnswers }
        package var withheld: Withheld { window.withheld }
        /// All devices, however few.
        package var devices: Int { window.estimatedDevices }

        /// Gives the rows one after the other, by name: all at once they would take more memory than the window.
        package func forEachRow(_ body: (Row) throws -> Void) rethrows {
            for place in places { try body(window.releasedRow(at: place)) }
        }
    }
}
