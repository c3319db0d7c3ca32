import Registry
import Usage

/// The infrastructure of one category, whichever platforms it is of.
struct InfrastructureCategory: Equatable {
    var category: String
    /// Sorted.
    var schools: [String]
    /// Devices, at least: the largest of its platforms, for estimates cannot be added up.
    var devices: Int
    var counts: Counts
    /// Most devices first.
    var names: [NameUse]

    /// The categories in alphabetical order.
    static func all(of uses: [ToolUse]) -> [InfrastructureCategory] {
        Dictionary(grouping: uses) { $0.platform.category.isEmpty ? "other" : $0.platform.category }
            .map { category, uses in InfrastructureCategory(category, uses) }
            .sorted { $0.category < $1.category }
    }

    private init(_ category: String, _ uses: [ToolUse]) {
        self.category = category
        schools = Set(uses.flatMap(\.schools)).sorted()
        devices = uses.map(\.devices).max() ?? 0
        counts = sum(uses.map(\.counts))
        names = uses.flatMap(\.names).sorted { ($1.devices, $0.name) < ($0.devices, $1.name) }
    }
}

/// All of the counts added up.
func sum(_ counts: [Counts]) -> Counts {
    counts.reduce(into: Counts()) { $0 += $1 }
}
