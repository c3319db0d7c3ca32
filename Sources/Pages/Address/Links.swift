import Usage
import Wire

/// A link to a path with a query, everything in it percent-encoded; fields without a value are left out.
func href(_ path: String, _ query: [(name: String, value: String?)] = []) -> String {
    let fields = query.compactMap { field in field.value.map { "\(field.name)=\($0.percentEncoded)" } }
    return fields.isEmpty ? path : path + "?" + fields.joined(separator: "&")
}

/// The link to a tool's page, for a part of the district where one is asked about.
package func toolHref(_ platform: String, in scope: ScopeQuery = ScopeQuery()) -> String {
    href("/tool", [("name", platform)] + scope.fields)
}

/// The link to a school's page.
package func schoolHref(_ school: String, in scope: ScopeQuery = ScopeQuery()) -> String {
    href("/school", [("name", school)] + scope.fields.filter { !["school", "region"].contains($0.name) })
}
