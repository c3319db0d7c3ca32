import Foundation

/// A moment as pages write it.
package enum Moment {
    /// Such as `2026-11-24 15:04 UTC`; a dash where there was none.
    package static func written(_ seconds: Int?) -> String {
        guard let seconds else { return "—" }
        let (day, rest) = (seconds / 86_400, seconds % 86_400)
        let date = Date(timeIntervalSince1970: Double(day) * 86_400)
        let text = date.formatted(.iso8601.year().month().day().dateSeparator(.dash))
        return "\(text) \(twoDigits(rest / 3600)):\(twoDigits(rest % 3600 / 60)) UTC"
    }
}
