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

    /// What is written to those whose turn it is.
    ///
    /// A school without a leader who can be written to is ITS's to ask: the
    /// reviewer hears of it at once.
    func letters(for request: ToolRequest, _ db: Database) throws -> [(to: EmailAddress, message: Message)] {
        switch request.state {
        case .atSchool:
            let leaders = try SchoolLeader.all(of: request.question.school, db).map(\.address)
            if leaders.isEmpty {
                let ask = "No leader of the school can be written to: ask the school, and say whether it supports it."
                return reviewer(of: request).map { [($0, question(request, ask))] } ?? []
            }
            let ask = "Say whether the school supports it, or decline it and say why."
            return leaders.map { ($0, question(request, ask)) }
        case .withReviewer:
            let ask = "Take it into a review, or decline it and say why."
            return reviewer(of: request).map { [($0, question(request, ask))] } ?? []
        case .inReview, .approved, .flagged, .declined, .withdrawn: return []
        }
    }

    private func reviewer(of request: ToolRequest) -> EmailAddress? {
        reviewers[request.question.subject.lowercased()] ?? reviewers[""]
    }

    /// What they are asked.
    private func question(_ request: ToolRequest, _ ask: String) -> Message {
        let question = request.question
        let tool = question.platform ?? question.tool
        let users = question.users.map { ", for \($0) users" } ?? ""
        let subject = question.subject.isEmpty ? "" : " (\(question.subject))"
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
