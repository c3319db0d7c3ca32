import Registry
package import Wire

/// The life of one platform in the programme: every step it ever took, and what follows from them.
///
/// A value without effects: a step goes in, whom to tell comes out.
///
///     var certification = Certification(platform: "Sample Quiz")
///     let told = try certification.take(.review(reviewer: "ITS", reason: "asked for"), by: its, at: now, on: today)
package struct Certification: Sendable, Equatable {
    /// The platform's name.
    package let platform: String
    /// Every step, oldest first; none is ever changed or left out.
    package private(set) var history: [Step] = []

    /// Makes a certification of a platform that the programme has not met.
    package init(platform: String) {
        self.platform = platform
    }

    /// Makes a certification with the steps that are on record.
    package init(platform: String, history: [Step]) {
        self.platform = platform
        self.history = history
    }

    /// A step that was taken.
    package struct Step: Sendable, Equatable, Codable {
        /// Seconds since 1970.
        package var at: Int
        /// Who took it.
        package var who: String
        /// For whom.
        package var party: Party
        /// What was done.
        package var action: Action
        /// Where the platform stood afterwards.
        package var stage: Stage

        /// Makes a step.
        package init(at: Int, who: String, party: Party, action: Action, stage: Stage) {
            self.at = at
            self.who = who
            self.party = party
            self.action = action
            self.stage = stage
        }
    }

    /// Where it stands; nil before the first step.
    package var stage: Stage? { history.last?.stage }

    /// The approval that holds; nil while the platform is not approved, or was approved by a file alone.
    package var approval: Approval? {
        guard stage == .approved else { return nil }
        for step in history.reversed() {
            switch step.action {
            case .approve(let approval): return approval
            case .takeOver: return nil
            default: continue
            }
        }
        return nil
    }

    /// Why it is flagged; nil while it is not, or was flagged by a file alone.
    package var flagging: Flagging? {
        guard stage == .flagged, case .flag(let flagging)? = history.last?.action else { return nil }
        return flagging
    }

    /// The last audit since the review began that is under way; of the last review when none is.
    package var audit: Audit? {
        for step in history.reversed() {
            if case .audit(let audit) = step.action { return audit }
            if case .review = step.action { return nil }
        }
        return nil
    }

    /// Every audit that was ever made of it, oldest first.
    package var audits: [Audit] {
        history.compactMap { step in
            guard case .audit(let audit) = step.action else { return nil }
            return audit
        }
    }

    /// When it came to where it stands, in seconds since 1970.
    package var since: Int? {
        guard let stage else { return nil }
        return history.reversed().prefix { $0.stage == stage }.last?.at
    }

    /// When the registry's word on it last changed, in seconds since 1970; nil where it never did.
    package var statusChanged: Int? {
        var (before, moment): (Status, Int?) = (.unlisted, nil)
        for step in history where step.stage.status != before { (before, moment) = (step.stage.status, step.at) }
        return moment
    }

    /// Takes a step.
    ///
    /// - Parameters:
    ///   - action: What is done.
    ///   - actor: Who does it.
    ///   - now: Seconds since 1970.
    ///   - today: The day in the district.
    ///   - checklist: The checklist that an audit names; other steps need none.
    /// - Returns: Whom to tell.
    /// - Throws: Why the step cannot be taken; everything is then as it was.
    package mutating func take(
        _ action: Action, by actor: Actor, at now: Int, on today: SchoolDay, checklist: Checklist? = nil
    ) throws(StepRefusal) -> [Recipient] {
        let rule = StepRule.of(action.kind)
        guard rule.parties.contains(actor.party) else { throw .notFor(actor.party, action.kind) }
        guard rule.from.contains(stage) else { throw .notFrom(stage, action.kind) }
        try check(action, today: today, checklist: checklist)
        history.append(
            Step(at: now, who: actor.name, party: actor.party, action: action, stage: stage(after: action)))
        return rule.tells
    }

    private func check(_ action: Action, today: SchoolDay, checklist: Checklist?) throws(StepRefusal) {
        switch action {
        case .discover(let schools, _): if schools < 1 { throw .missing("a school that uses it") }
        case .review(let reviewer, let reason):
            if reviewer.isEmpty { throw .missing("the reviewer") }
            if reason.isEmpty { throw .missing("the reason of the review") }
        case .audit(let audit):
            guard let checklist else { throw .missing("the checklist \"\(audit.checklist)\"") }
            try audit.check(against: checklist)
        case .approve(let approval):
            guard let audit else { throw .missing("an audit of this review") }
            guard audit.result == .passed else { throw .invalid("the audit of this review was not passed") }
            if approval.audiences.isEmpty { throw .missing("an audience") }
            if approval.expires <= today {
                throw .invalid("the approval would expire on \(approval.expires), which is past")
            }
        case .flag(let flagging): if flagging.reason.isEmpty { throw .missing("the reason of the flag") }
        case .expire(let day): if day >= today { throw .invalid("the approval holds until \(day)") }
        case .retire(let reason): if reason.isEmpty { throw .missing("the reason") }
        case .takeOver(let status):
            if let stage, stage.status == status { throw .invalid("the registry says the same") }
        }
    }

    private func stage(after action: Action) -> Stage {
        switch action {
        case .discover: .discovered
        case .review, .audit: .underReview
        case .approve: .approved
        case .flag: .flagged
        case .expire: .expired
        case .retire: .retired
        case .takeOver(let status): Stage(status)
        }
    }
}
