/// How often a name was seen.
package struct Counts: Sendable, Equatable {
    package var dns: UInt32 = 0
    package var tls: UInt32 = 0
    package var quic: UInt32 = 0
    package var http: UInt32 = 0
    package var attributed: UInt32 = 0

    package init(dns: UInt32 = 0, tls: UInt32 = 0, quic: UInt32 = 0, http: UInt32 = 0, attributed: UInt32 = 0) {
        self.dns = dns
        self.tls = tls
        self.quic = quic
        self.http = http
        self.attributed = attributed
    }

    /// Adds counts of something else; a count that cannot grow stays where it is.
    package static func += (left: inout Counts, right: Counts) {
        left.dns = sum(left.dns, right.dns)
        left.tls = sum(left.tls, right.tls)
        left.quic = sum(left.quic, right.quic)
        left.http = sum(left.http, right.http)
        left.attributed = sum(left.attributed, right.attributed)
    }

    private static func sum(_ left: UInt32, _ right: UInt32) -> UInt32 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}

/// One name in one segment: flat, so that a day of fifty thousand names is one block of memory.
struct TallyRow: Sendable {
    /// The name's number in the day's ``NameTable``.
    var name: UInt32
    /// The row of the same name in another segment, or ``none``.
    var nextOfName = TallyRow.none
    var segment: UInt16
    var state = State.held
    /// Whether it changed since the last snapshot.
    var isDirty = false
    /// Whether it is in a snapshot that is not confirmed yet.
    var isPending = false
    var counts = Counts()
    /// The devices of the day.
    var devices = DeviceSketch()
    /// The devices of the current hour.
    var hourDevices = DeviceSketch()
    /// The estimate never goes below this, even where the sketch began anew.
    var leastDevices: UInt32 = 0
    /// The hours that are over, in ``DayTally/hours``; or ``none``.
    var hours = TallyRow.none
    /// How many names are held in this row: its own, and those that folded into it.
    var heldNames: UInt32 = 0
    /// Whether it was ever in a snapshot that left: from then on it may only grow.
    var wasTold = false
    /// When it was told last, by ``DayTally/sequence``; 0 when it is to be told as soon as it changes.
    var toldAt: UInt32 = 0
    /// A bit for each hour whose last word the collector has, and for each that waits for its confirmation.
    var confirmedHours: UInt32 = 0
    var pendingHours: UInt32 = 0

    enum State: UInt8, Sendable {
        /// Too few devices contributed for it to be told.
        case held
        /// It is told.
        case released
        /// Its name is the text of an address: it is never told.
        case untold
        /// Its counts folded into another row.
        case folded
    }

    static let none = UInt32.max

    init(name: UInt32, segment: UInt16) {
        self.name = name
        self.segment = segment
    }
}
