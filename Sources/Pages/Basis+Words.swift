import Store
import Usage
import Wire

extension Basis {
    /// `Whole district`, the school, the region; with the segment.
    var subject: String {
        let place = school ?? region.map { "Region \($0)" } ?? "Whole district"
        return segment.map { "\(place), segment \($0)" } ?? place
    }

    /// What figures are over, in a sentence.
    var sentence: String {
        let days = Days.span(period)
        guard schools > 0 else { return "No report \(days)." }
        let place = school == nil ? " at \(counted(schools, "school"))" : ""
        return "A typical day of \(counted(schoolDays, "school day")) \(days)\(place)."
    }
}

extension Days {
    /// The days of a range, in words.
    static func span(_ days: Period) -> String {
        span(days.first.description, days.last.description)
    }
}

/// A figure in tenths, the precision in which averages are told.
func inTenths(_ figure: Double) -> Int {
    Int((min(max(figure, 0), 1e15) * 10).rounded())
}

/// A number in tenths as files have it: `12.3`.
func decimal(tenths: Int) -> String {
    let number = tenths.magnitude
    return (tenths < 0 ? "-" : "") + "\(number / 10).\(number % 10)"
}

/// An average in tenths as people read it: `123`, `4.6`; something is never 0.
func writtenAverage(tenths: Int) -> String {
    if tenths == 0 { return "0" }
    if tenths.magnitude < 100 { return decimal(tenths: tenths) }
    return written((tenths + 5) / 10)
}

/// An average in tenths of what is counted: `4.6 devices`, `123 devices`.
func countedAverage(tenths: Int, _ one: String) -> String {
    "\(writtenAverage(tenths: tenths)) \(one)\(tenths == 10 ? "" : "s")"
}

/// How much of what happened could be named, in a line beside other figures.
struct CoverageLine: Sendable, Equatable {
    /// Such as `93% of connections could be named`.
    var sentence: String
    /// The parts, each with its number.
    var parts: [String]

    init(_ coverage: CoverageFigures) {
        let figures = CoverageSection(coverage)
        sentence = figures.coverageHeading
        parts = figures.figures.map { "\($0.label.prefix(1).lowercased() + $0.label.dropFirst()) \($0.value)" }
    }
}

/// Moments as people and programs read them.
enum Moments {
    /// A moment in seconds since 1970, as RFC 3339 writes it: `2026-11-24T07:30:00Z`.
    static func iso(_ seconds: Int) -> String {
        let day = SchoolDay(ordinal: floored(seconds, by: 86_400))
        let time = seconds - day.ordinal * 86_400
        return "\(day)T\(twoDigits(time / 3600)):\(twoDigits(time / 60 % 60)):\(twoDigits(time % 60))Z"
    }

    /// The day of a moment, by universal time.
    static func day(_ seconds: Int) -> String {
        SchoolDay(ordinal: floored(seconds, by: 86_400)).description
    }

    /// How long ago a moment is, `12 minutes ago`; a clock that is ahead is not told from one that is right.
    static func ago(_ seconds: Int, now: Int) -> String {
        let passed = max(0, now - seconds)
        switch passed {
        case ..<60: return "just now"
        case ..<3600: return counted(passed / 60, "minute") + " ago"
        case ..<86_400: return counted(passed / 3600, "hour") + " ago"
        default: return counted(passed / 86_400, "day") + " ago"
        }
    }

    private static func floored(_ number: Int, by divisor: Int) -> Int {
        number >= 0 ? number / divisor : -((-number + divisor - 1) / divisor)
    }
}

extension ToolLine {
    /// By how many devices of a typical school day it grew.
    var growth: Double { use.figures.typicalDevices - (use.previous?.typicalDevices ?? 0) }
}
