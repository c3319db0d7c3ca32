import Usage

/// A link to a path with a query, everything in it percent-encoded; fields without a value are left out.
func href(_ path: String, _ query: [(name: String, value: String?)] = []) -> String {
    let fields = query.compactMap { field in field.value.map { "\(field.name)=\(percentEncoded($0))" } }
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

/// Every byte escaped that is not unreserved (RFC 3986 section 2.3).
private func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            encoded.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let hex = String(byte, radix: 16, uppercase: true)
            encoded += byte < 16 ? "%0" + hex : "%" + hex
        }
    }
    return encoded
}
