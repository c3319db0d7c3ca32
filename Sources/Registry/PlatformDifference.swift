/// What an import would change, before it does.
package struct PlatformDifference: Sendable, Equatable {
    /// Platforms that would be new.
    package private(set) var added: [Platform] = []
    /// Platforms that would say something else, with each field that would.
    package private(set) var changed: [Change] = []
    /// Platforms that would be taken out.
    package private(set) var removed: [Platform] = []

    /// A platform that would say something else.
    package struct Change: Sendable, Equatable {
        /// The platform's name, as it would be.
        package var platform: String
        /// The fields, each with what it says and what it would say.
        package var fields: [Field]
    }

    /// A field that would say something else.
    package struct Field: Sendable, Equatable {
        /// The column of the file.
        package var column: String
        /// What it says now.
        package var before: String
        /// What it would say.
        package var after: String
    }

    /// Compares the registry with platforms that would be taken over.
    ///
    /// - Parameters:
    ///   - registry: The registry as it stands.
    ///   - platforms: The platforms of the file.
    ///   - isWhole: Whether platforms that the file does not have would be taken out.
    package init(from registry: [Platform], to platforms: [Platform], isWhole: Bool) {
        let before = Dictionary(registry.map { ($0.key, $0) }) { first, _ in first }
        for platform in platforms {
            guard let old = before[platform.key] else {
                added.append(platform)
                continue
            }
            let fields = PlatformFile.Column.allCases.filter { old.field($0) != platform.field($0) }
                .map { Field(column: $0.rawValue, before: old.field($0), after: platform.field($0)) }
            if !fields.isEmpty { changed.append(Change(platform: platform.name, fields: fields)) }
        }
        let keys = Set(platforms.map(\.key))
        if isWhole { removed = registry.filter { !keys.contains($0.key) } }
    }

    /// The difference for people, a line for each platform and field; none where nothing would change.
    package var lines: [String] {
        let new = added.map { "+ \($0.name): \($0.status.rawValue)" }
        let other = changed.flatMap { change in
            change.fields.map { field in
                "~ \(change.platform): \(field.column): \(Self.shown(field.before)) → \(Self.shown(field.after))"
            }
        }
        return new + other + removed.map { "- \($0.name)" }
    }

    private static func shown(_ text: String) -> String {
        text.isEmpty ? "(empty)" : String(text.map { $0.isNewline ? "␤" : $0 })
    }
}
