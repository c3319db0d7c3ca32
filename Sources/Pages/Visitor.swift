package import Identity
import Mustache

/// Who is signed in, as every page says it in its header.
package struct Visitor: Sendable, Equatable {
    /// What they are called.
    package var name: String
    /// Their role, in words.
    package var role: String
    /// What each form has as its hidden field `form_token`.
    package var formToken: String
    /// What they may do.
    var rights: Set<Right>
    /// Whether they may change the registry, the programme, schools and gateways.
    package var mayEdit: Bool
    /// Whether they may change requests, contracts and licences.
    package var mayBuy: Bool
    /// Whether they may read about the whole district.
    package var mayReadDistrict: Bool
    /// Whether they may read the audit log.
    package var mayAudit: Bool
    /// Whether they decide who gets in.
    package var mayAdminister: Bool

    /// Describes somebody.
    package init(name: String, role: String, formToken: String, rights: Set<Right>) {
        self.name = name
        self.role = role
        self.formToken = formToken
        self.rights = rights
        mayEdit = rights.contains(.edit)
        mayBuy = rights.contains(.buy)
        mayReadDistrict = rights.contains(.readDistrict)
        mayAudit = rights.contains(.audit)
        mayAdminister = rights.contains(.administer)
    }
}

/// A page in its frame: the page's template finds `visitor` beside the page's own values.
struct FramedPage<Page> {
    var visitor: Visitor?
    /// Where the header leads; nil before anybody signed in.
    var navigation: Navigation.Bar?
    /// Whether it is the page of the visitor's own account.
    var isAtAccount: Bool
    var page: Page
    /// What places the page.
    var template: MustacheTemplate
}
