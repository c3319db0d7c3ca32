/// What a school asks for: may we use this tool? And how far the answer is.
///
///     var request = ToolRequest(asking: question, status: .unlisted, at: now)
///     let told = try request.take(.schoolAgrees, by: principal, at: now)
package struct ToolRequest: Sendable, Equatable, Codable {
    /// What is asked.
    package private(set) var question: Question
    /// Every step, oldest first.
    package private(set) var history: [Step]

    /// What is asked, by whom and what for.
    package struct Question: Sendable, Equatable, Codable {
        /// The school.
        package var school: String
        /// The tool, as it was written.
        package var tool: String
        /// The platform that this is; nil while nobody said so.
        package var platform: String?
        /// The platforms that it may be, likeliest first, where that is not certain; a person has to say which.
        package var likely: [String]?
        /// What it is to be used for.
        package var purpose: String
        /// The school subject, which decides who reviews it.
        package var subject: String
        /// How many would use it; nil where that was not said.
        package var users: Int?
        /// The e-mail address that hears each step; empty for none.
        package var contact: String

        /// Makes a question.
        package init(
            school: String, tool: String, platform: String? = nil, purpose: String, subject: String = "",
            users: Int? = nil, contact: String = ""
        ) {
            self.school = school
            self.tool = tool
            self.platform = platform
            self.purpose = purpose
            self.subject = subject
            self.users = users
            self.contact = contact
        }
    }

    /// A step that was taken.
    package struct Step: Sendable, Equatable, Codable {
        /// Seconds since 1970.
        package var at: Int
        /// Who took it.
        package var who: String
        /// Where the request stood afterwards.
        package var state: State
    }

    /// How far it is.
    package enum State: Sendable, Equatable, Codable {
        /// The school looks at it first.
        case atSchool
        /// Then the reviewer of the subject.
        case withReviewer
        /// The platform is under review.
        case inReview
        /// It is approved, under these conditions.
        case approved(conditions: String)
        /// It is flagged; what to use instead, if anything.
        case flagged(reason: String, replacement: String)
        /// School or reviewer said no.
        case declined(reason: String)
        /// Who asked no longer asks.
        case withdrawn

        /// Whether nothing follows.
        package var isAnswer: Bool {
            switch self {
            case .atSchool, .withReviewer, .inReview: false
            case .approved, .flagged, .declined, .withdrawn: true
            }
        }

        /// The state in words.
        package var label: String {
            switch self {
            case .atSchool: "With the school"
            case .withReviewer: "With the reviewer of the subject"
            case .inReview: "Under review"
            case .approved: "Approved"
            case .flagged: "Flagged"
            case .declined: "Declined"
            case .withdrawn: "Withdrawn"
            }
        }
    }

    /// What can happen to a request.
    package enum Event: Sendable, Equatable {
        /// The school wants it.
        case schoolAgrees
        /// The reviewer of the subject takes it over into a review.
        case reviewerTakes
        /// School or reviewer says no.
        case decline(reason: String)
        /// Who asked no longer asks.
        case withdraw
        /// Somebody says which platform is meant.
        case means(platform: String)
        /// The programme decided on the platform.
        case decided(Decision)
    }

    /// What the programme says of a platform.
    package enum Decision: Sendable, Equatable {
        /// It may be used.
        case approved(conditions: String)
        /// It may not.
        case flagged(reason: String, replacement: String)
    }

    /// Makes a request; what the programme has decided already answers it at once.
    package init(asking question: Question, decision: Decision?, at now: Int) throws(StepRefusal) {
        if question.school.isEmpty { throw .missing("the school") }
        if question.tool.isEmpty { throw .missing("the tool") }
        if question.purpose.isEmpty { throw .missing("what the tool is for") }
        self.question = question
        history = [Step(at: now, who: question.school, state: decision.map(Self.answer) ?? .atSchool)]
    }

    /// How far it is.
    package var state: State { history.last?.state ?? .atSchool }

    /// Takes a step, and says whether the one who asked is to be told.
    package mutating func take(_ event: Event, by actor: Actor, at now: Int) throws(StepRefusal) {
        guard !state.isAnswer else { throw .invalid("the request was answered already (\(state.label))") }
        let next: State
        switch (state, event) {
        case (.atSchool, .schoolAgrees):
            guard actor.party != .procurement else { throw .notFor(actor.party, .review) }
            next = .withReviewer
        case (.withReviewer, .reviewerTakes), (.atSchool, .reviewerTakes):
            guard actor.party == .its else { throw .notFor(actor.party, .review) }
            next = .inReview
        case (_, .decline(let reason)):
            guard !reason.isEmpty else { throw .missing("the reason") }
            next = .declined(reason: reason)
        case (_, .withdraw): next = .withdrawn
        case (_, .means(let platform)):
            question.platform = platform
            question.likely = nil
            return
        case (_, .decided(let decision)): next = Self.answer(decision)
        case (_, .schoolAgrees), (.inReview, .reviewerTakes):
            throw .invalid("the request is past that (\(state.label))")
        case (.approved, _), (.flagged, _), (.declined, _), (.withdrawn, _):
            throw .invalid("the request was answered already (\(state.label))")
        }
        history.append(Step(at: now, who: actor.name, state: next))
    }

    private static func answer(_ decision: Decision) -> State {
        switch decision {
        case .approved(let conditions): .approved(conditions: conditions)
        case .flagged(let reason, let replacement): .flagged(reason: reason, replacement: replacement)
        }
    }

    /// What the one who asked is told about where the request stands now.
    package var message: String {
        let tool = question.platform ?? question.tool
        switch state {
        case .atSchool: return "Your request for \(tool) has been received. \(question.school) looks at it first."
        case .withReviewer:
            let subject = question.subject.isEmpty ? "the subject" : question.subject
            return "\(question.school) supports your request for \(tool). The reviewer of \(subject) looks at it next."
        case .inReview: return "\(tool) is under review by the district. You will hear how it ends."
        case .approved(let conditions):
            return "\(tool) is approved. You may use it" + (conditions.isEmpty ? "." : ": \(conditions).")
        case .flagged(let reason, let replacement):
            return "\(tool) is flagged and must not be used: \(reason)."
                + (replacement.isEmpty ? "" : " Use \(replacement) instead.")
        case .declined(let reason): return "Your request for \(tool) was declined: \(reason)."
        case .withdrawn: return "Your request for \(tool) was withdrawn."
        }
    }
}
