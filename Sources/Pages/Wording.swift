import Usage

/// The number as people read it: `12,345`.
func written(_ number: Int) -> String {
    var digits = String(number.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
        groups.append(String(digits.suffix(3)))
        digits.removeLast(3)
    }
    groups.append(digits)
    return (number < 0 ? "−" : "") + groups.reversed().joined(separator: ",")
}

/// The number and what it counts: `1 school`, `12 schools`.
func counted(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    "\(written(number)) \(number == 1 ? one : many ?? one + "s")"
}

/// A number of devices; what may be an estimate is marked as one.
func writtenDevices(_ devices: Int) -> String {
    devices > exactDevices ? "≈ " + written(devices) : written(devices)
}

/// Up to how many devices an agent counts exactly; above, it estimates.
let exactDevices = 64

/// The part of the whole in percent, rounded down so that only everything is 100%, and something is never 0%.
///
/// Nil when there is no whole.
func percentage(_ part: Int, of whole: Int) -> String? {
    guard whole > 0 else { return nil }
    let percent = fraction(part, of: whole, in: 100)
    return part > 0 && percent == 0 ? "<1%" : "\(percent)%"
}

/// How many of `steps` equal steps the part makes of the whole, rounded down; from 0 to `steps`.
func fraction(_ part: Int, of whole: Int, in steps: Int) -> Int {
    guard whole > 0, part > 0 else { return 0 }
    return whole.dividingFullWidth(min(part, whole).multipliedFullWidth(by: steps)).quotient
}

/// Days as people write them, from the `YYYY-MM-DD` of the report.
enum Days {
    /// One day: `November 24, 2026`; what is no day stays as it is.
    static func written(_ day: String) -> String {
        guard let (year, month, number) = parts(day) else { return day }
        return "\(months[month - 1]) \(number), \(year)"
    }

    /// One day, short, for the axis of a chart: `Nov 24`.
    static func short(_ day: String) -> String {
        guard let (_, month, number) = parts(day) else { return day }
        return "\(months[month - 1].prefix(3)) \(number)"
    }

    /// The days from the first to the last: `on November 24, 2026`, `from November 24 to 28, 2026`.
    static func span(_ first: String, _ last: String) -> String {
        guard first != last else { return "on \(written(first))" }
        guard let from = parts(first), let to = parts(last), from.year == to.year else {
            return "from \(written(first)) to \(written(last))"
        }
        let end = from.month == to.month ? "\(to.day), \(to.year)" : written(last)
        return "from \(months[from.month - 1]) \(from.day) to \(end)"
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    private static func parts(_ day: String) -> (year: Int, month: Int, day: Int)? {
        let numbers = day.split(separator: "-").compactMap { Int($0) }
        guard numbers.count == 3, (1...12).contains(numbers[1]), (1...31).contains(numbers[2]) else { return nil }
        return (numbers[0], numbers[1], numbers[2])
    }
}

extension UseReport.Scope {
    /// The days with data, `on November 24, 2026`; nil where there are none.
    var writtenDays: String? {
        guard let firstDay, let lastDay else { return nil }
        return Days.span(firstDay, lastDay)
    }

    /// The days that were asked for, `from November 24, 2026 on`; nil for all there are.
    var writtenQuestion: String? {
        switch (from, to) {
        case (nil, nil): nil
        case (let from?, let to?): Days.span(from, to)
        case (let from?, nil): "from \(Days.written(from)) on"
        case (nil, let to?): "up to \(Days.written(to))"
        }
    }
}
