/// The form of a page about one thing: the part of the district and the days.
struct ScopeForm: Equatable {
    /// Where it leads.
    var action: String
    /// What the page is about; nil where it says nothing.
    var name: String?
    /// The schools to choose from; nil on a page about one school.
    var scope: ScopeChoices

    init(action: String, name: String? = nil, scope: ScopeQuery, facets: Facets) {
        self.action = action
        self.name = name
        self.scope = ScopeChoices(scope, among: facets)
    }
}
