import Programme
import Wire

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

/// A number of up to two digits with both of them: `07`.
func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

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
        SchoolDay(day)?.words ?? day
    }

    /// One day, short, for the axis of a chart: `Nov 24`.
    static func short(_ day: String) -> String {
        guard let (_, month, number) = parts(day) else { return day }
        return "\(months[month - 1].prefix(3)) \(number)"
    }

    /// One day in a table: `Nov 24, 2026`; what is no day stays as it is.
    static func brief(_ day: String) -> String {
        guard let (year, _, _) = parts(day) else { return day }
        return "\(short(day)), \(year)"
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

    private static let months = MonthlyLetter.Month.names

    private static func parts(_ day: String) -> (year: Int, month: Int, day: Int)? {
        let numbers = day.split(separator: "-").compactMap { Int($0) }
        guard numbers.count == 3, (1...12).contains(numbers[1]), (1...31).contains(numbers[2]) else { return nil }
        return (numbers[0], numbers[1], numbers[2])
    }
}

/// The words in lines that are no wider than a terminal.
func wrapped(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    for word in escapedForTerminal(text).split(separator: " ") {
        let word = cut(String(word), to: width)
        if let last = lines.last, columns(last) + 1 + columns(word) <= width {
            lines[lines.count - 1] = last + " " + word
        } else {
            lines.append(word)
        }
    }
    return lines
}

/// The text, or its beginning and end with `…` between them, so that it takes no more columns than there are.
func cut(_ text: String, to width: Int) -> String {
    guard columns(text) > width else { return text }
    var (head, tail) = ("", "")
    var rest = Substring(text)
    // The beginning gets the odd column. Each turn takes a character off the text, or is the last.
    while let first = rest.popFirst(), columns(head) + columns(tail) + columns(String(first)) < width {
        head.append(first)
        guard let last = rest.popLast(), columns(head) + columns(tail) + columns(String(last)) < width else { break }
        tail = String(last) + tail
    }
    return head + "…" + tail
}

/// How many columns of a terminal the text takes: two for a character of East Asian writing or an emoji.
func columns(_ text: String) -> Int {
    text.reduce(0) { sum, character in
        let wide = character.unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
                0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                true
            default: false
            }
        }
        return sum + (wide ? 2 : 1)
    }
}
