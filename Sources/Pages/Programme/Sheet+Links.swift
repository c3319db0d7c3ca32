/// Where a change leads to.
extension Sheet {
    /// The page of a platform in the programme.
    package static func platformLink(_ name: String) -> String { href("/programme/platform", [("name", name)]) }

    /// The requests, with the answer to the one that was just asked.
    package static func requestsLink(asked number: Int64) -> String {
        href("/programme/requests", [("asked", "\(number)")])
    }

    /// A survey.
    package static func surveyLink(_ name: String) -> String { href("/programme/surveys", [("survey", name)]) }

    /// The contract language of a platform.
    package static func languageLink(_ platform: String) -> String {
        href("/procurement/language", [("name", platform.isEmpty ? nil : platform)])
    }
}
