/// A number of the rules that a district may set, by its key in the settings.
package enum RuleNumber: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
    case discoveredSchools = "discovered_schools"
    case discoveredDevices = "discovered_devices"
    case flaggedDevices = "flagged_devices"
    case growthFactor = "growth_factor"
    case growthDevices = "growth_devices"
    case expiringDays = "expiring_days"
    case silentDays = "silent_days"
    case coveragePoints = "coverage_points"
    case rearmDays = "rearm_days"

    /// What it may be.
    package var range: ClosedRange<Int> {
        switch self {
        case .discoveredSchools: 1...10_000
        case .discoveredDevices, .flaggedDevices, .growthDevices: 1...1_000_000
        case .growthFactor: 2...1000
        case .expiringDays: 1...730
        case .silentDays: 1...90
        case .coveragePoints: 1...100
        case .rearmDays: 1...3650
        }
    }

    /// The rule that it belongs to; nil for one of all rules.
    package var kind: Alert.Kind? {
        switch self {
        case .discoveredSchools, .discoveredDevices: .discovered
        case .flaggedDevices: .flaggedInUse
        case .growthFactor, .growthDevices: .growth
        case .expiringDays: .expiring
        case .silentDays: .silent
        case .coveragePoints: .coverageLost
        case .rearmDays: nil
        }
    }

    /// What it is, for people who set it.
    package var label: String {
        switch self {
        case .discoveredSchools: "Schools at least"
        case .discoveredDevices: "Or devices at least"
        case .flaggedDevices: "Devices at a school at least"
        case .growthFactor: "Times as many devices"
        case .growthDevices: "Devices at least"
        case .expiringDays: "Days before the end"
        case .silentDays: "School days without a report"
        case .coveragePoints: "Percentage points lost"
        case .rearmDays: "Days after which it is told again"
        }
    }
}

extension AlertRules {
    /// A number of the rules.
    package subscript(_ number: RuleNumber) -> Int {
        get { self[keyPath: Self.path(number)] }
        set { self[keyPath: Self.path(number)] = newValue }
    }

    private static func path(_ number: RuleNumber) -> WritableKeyPath<AlertRules, Int> {
        switch number {
        case .discoveredSchools: \.discoveredSchools
        case .discoveredDevices: \.discoveredDevices
        case .flaggedDevices: \.flaggedDevices
        case .growthFactor: \.growthFactor
        case .growthDevices: \.growthDevices
        case .expiringDays: \.expiringDays
        case .silentDays: \.silentDays
        case .coveragePoints: \.coveragePoints
        case .rearmDays: \.rearmDays
        }
    }
}
