package import Alerts
import GRDB
import Identity
import Programme
import Registry

/// Who looks at a request before the programme does: those whose turn it is are written to.
package struct RequestCircle: Sendable, Equatable {
    /// Who reviews a subject, by its name in lower case; the empty name stands for all others.
    package var reviewers: [String: EmailAddress]
    /// Where the collector's pages are; empty where nobody said.
    package var root: String

    /// Makes a circle; without reviewers only schools are told.
    package init(reviewers: [String: EmailAddress] = [:], root: String = "") {
        self.reviewers = reviewers
        self.root = root
    }

    /// Those whose turn it is.
    func next(for request: ToolRequest, _ db: Database) throws -> [EmailAddress] {
        switch request.state {
        case .atSchool:
            return try SchoolLeader.all(of: request.question.school, db).map(\.address)
        case .withReviewer:
            let reviewer = reviewers[request.question.subject.lowercased()] ?? reviewers[""]
            return reviewer.map { [$0] } ?? []
        case .inReview, .approved, .flagged, .declined, .withdrawn: return []
        }
    }

    /// What they are asked.
    func question(_ request: ToolRequest) -> Message {
        let question = request.question
        let tool = question.platform ?? question.tool
        let users = question.users.map { ", for \($0) users" } ?? ""
        let subject = question.subject.isEmpty ? "" : " (\(question.subject))"
        let ask =
            request.state == .atSchool
            ? "Say whether the school supports it, or decline it and say why."
            : "Take it into a review, or decline it and say why."
        let likely =
            question.likely?.first.map { " It may be what the registry calls \($0): say so if it is." } ?? ""
        return Message(
            subject: "Asked for at \(question.school): \(tool)",
            paragraphs: [
                "\(question.school) asks for \(tool)\(subject): \(question.purpose)\(users).\(likely)", ask,
                root.isEmpty ? "The page Requests of Rollcall has it." : "\(root)/programme/requests",
            ])
    }
}
