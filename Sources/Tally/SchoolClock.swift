package import Foundation
package import Wire

/// Tells the school's day and hour from a timestamp.
///
/// The current hour's limits are kept, so that the time zone is asked once an hour and not once a sighting.
package struct SchoolClock: Sendable {
    /// A day and an hour of it, 0 to 23, as the school's clocks show them.
    package struct Moment: Sendable, Equatable {
        package var day: SchoolDay
        package var hour: Int
    }

    private let timeZone: TimeZone
    private var from: Int64 = 0
    private var until: Int64 = 0
    private var moment = Moment(day: SchoolDay(ordinal: 0), hour: 0)

    package init(_ timeZone: TimeZone) {
        self.timeZone = timeZone
    }

    /// The school's day and hour at a time in nanoseconds since 1970.
    package mutating func moment(_ timestampNanoseconds: Int64) -> Moment {
        if timestampNanoseconds < from || timestampNanoseconds >= until { look(timestampNanoseconds) }
        return moment
    }

    private mutating func look(_ timestampNanoseconds: Int64) {
        let second = floorDivided(timestampNanoseconds, 1_000_000_000)
        let local = second + offset(second)
        let hour = floorDivided(local, 3600)
        moment = Moment(
            day: SchoolDay(ordinal: Int(floorDivided(hour, 24))), hour: Int(hour - floorDivided(hour, 24) * 24))
        var start = hour * 3600 - offset(second)
        var end = start + 3600
        // In an hour in which the clocks are changed, each minute is asked for.
        if offset(start) != offset(second) || offset(end - 1) != offset(second) {
            start = floorDivided(second, 60) * 60
            end = start + 60
        }
        // Timestamps at the ends of time, from a broken capture, must not overflow.
        from = start.multipliedReportingOverflow(by: 1_000_000_000).overflow ? .min : start * 1_000_000_000
        until = end.multipliedReportingOverflow(by: 1_000_000_000).overflow ? .max : end * 1_000_000_000
    }

    private func offset(_ second: Int64) -> Int64 {
        Int64(timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }

    private func floorDivided(_ number: Int64, _ divisor: Int64) -> Int64 {
        number / divisor - (number % divisor < 0 ? 1 : 0)
    }
}
