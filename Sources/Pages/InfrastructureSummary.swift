import Registry
import Usage

/// What tools run on, by category, in short: never a tool to decide on.
struct InfrastructureSummary: Equatable {
    /// Such as `12 names in 3 categories`.
    var label: String
    var rows: [Row]

    /// A category.
    struct Row: Equatable {
        var category: String
        var names: String
        var schools: String
        var devices: String
        var counts: CountCells
    }

    init?(_ uses: [ToolUse]) {
        guard !uses.isEmpty else { return nil }
        let categories = InfrastructureCategory.all(of: uses)
        let names = categories.reduce(0) { $0 + $1.names.count }
        label = "\(counted(names, "name")) in \(counted(categories.count, "category", "categories"))"
        rows = categories.map { category in
            Row(
                category: category.category, names: written(category.names.count),
                schools: written(category.schools.count), devices: writtenDevices(category.devices),
                counts: CountCells(category.counts))
        }
    }
}

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
