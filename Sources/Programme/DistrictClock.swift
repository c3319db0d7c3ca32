package import Foundation
package import Wire

/// The district's wall clock: what day and what time it is at a moment.
package struct DistrictClock: Sendable, Equatable {
    private let zone: TimeZone

    /// Makes a clock of a time zone.
    package init(zone: TimeZone = .gmt) {
        self.zone = zone
    }

    /// Makes a clock of a zone by its name, such as `America/New_York`; nil when there is none of that name.
    package init?(zone name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.zone = zone
    }

    /// The day at a moment, in seconds since 1970.
    package func day(at moment: Int) -> SchoolDay {
        SchoolDay(ordinal: Int((Double(local(moment)) / 86_400).rounded(.down)))
    }

    /// Minutes since midnight at a moment.
    package func minute(at moment: Int) -> Int {
        let seconds = local(moment) % 86_400
        return (seconds < 0 ? seconds + 86_400 : seconds) / 60
    }

    private func local(_ moment: Int) -> Int {
        moment + zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(moment)))
    }
}
