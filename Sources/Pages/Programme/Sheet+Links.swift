/// Where a change leads to.
extension Sheet {
    /// The page of a platform in the programme.
    package static func platformLink(_ name: String) -> String { href("/programme/platform", [("name", name)]) }

    /// The requests, with the answer to the one that was just asked.
    package static func requestsLink(asked number: Int64) -> String {
        href("/programme/requests", [("asked", "\(number)")])
    }

    /// The form with which a tool is asked for, the tool filled in.
    static func requestLink(_ tool: String) -> String { href("/programme/requests", [("tool", tool)]) }

    /// A case.
    package static func caseLink(_ number: Int64) -> String { href("/programme/case", [("number", "\(number)")]) }

    /// A survey.
    package static func surveyLink(_ name: String) -> String { href("/programme/surveys", [("survey", name)]) }

    /// The contract language of a platform.
    package static func languageLink(_ platform: String) -> String {
        href("/procurement/language", [("name", platform.isEmpty ? nil : platform)])
    }
}
