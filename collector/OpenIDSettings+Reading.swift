import Foundation
import Identity
import Settings
import SignOn

extension OpenIDSettings {
    /// Reads `[openid]`; nil where the settings have none.
    init?(_ document: SettingsDocument, publicAddress: String?) throws(SettingsError) {
        guard let table = try document.table("openid") else { return nil }
        let issuer = try table.requiredString("issuer")
        let isLoopback = URL(string: issuer)?.host.map(ListenAddress.isLoopback) == true
        guard issuer.hasPrefix("https://") || (issuer.hasPrefix("http://") && isLoopback) else {
            throw table.error("issuer", "\"\(issuer)\" is not https; write the provider's address as it calls itself")
        }
        guard let publicAddress else {
            throw table.error(
                "issuer",
                "the provider has to be told where people come back to; add a line public_address = "
                    + "\"https://…\" above [openid]")
        }
        var secret: String?
        if let file = try table.path("client_secret_file") {
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw table.error("client_secret_file", "\(file) cannot be read; name a file with the secret in it")
            }
            secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        self.init(
            issuer: issuer, clientID: try table.requiredString("client_id"), clientSecret: secret,
            redirectURI: publicAddress + "/sign-in/openid/return",
            name: try table.string("name") ?? "the district's account",
            scopes: try table.strings("scopes") ?? ["profile", "email"],
            groupsClaim: try table.string("groups_claim") ?? "groups",
            schoolClaim: try table.string("school_claim") ?? "school", roles: try Self.roles(table))
    }

    private static func roles(_ table: SettingsTable) throws(SettingsError) -> [GroupRole] {
        var roles: [GroupRole] = []
        for line in try table.tables("role") {
            let name = try line.requiredString("role")
            guard let role = Role(rawValue: name) else {
                let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw line.error("role", "\"\(name)\" is no role; write one of \(known)")
            }
            roles.append(GroupRole(group: try line.requiredString("group"), role: role))
        }
        guard !roles.isEmpty else {
            throw table.missing("role", example: "… in a table [[openid.role]] with group and role")
        }
        return roles
    }
}
