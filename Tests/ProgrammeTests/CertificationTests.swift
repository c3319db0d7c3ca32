import Registry
import Testing
import Wire

@testable import Programme

@Suite struct `The life of a platform` {
    private let today = SchoolDay.day("2026-09-10")

    private func underReview() throws -> Certification {
        var life = Certification(platform: "Sample Quiz")
        _ = try life.take(.discover(schools: 2, devices: 30), by: .rollcall, at: 1, on: today)
        _ = try life.take(.review(reviewer: "its.sample", reason: "two schools asked"), by: .its, at: 2, on: today)
        return life
    }

    private func approved() throws -> Certification {
        var life = try underReview()
        _ = try life.take(.audit(.sample(.passed)), by: .its, at: 3, on: today, checklist: .sample)
        _ = try life.take(.approve(.sample), by: .its, at: 4, on: today)
        return life
    }

    @Test func `goes from discovered through review and audit to approved, expired, and a new review`() throws {
        var life = Certification(platform: "Sample Quiz")
        #expect(life.stage == nil)
        #expect(try life.take(.discover(schools: 2, devices: 30), by: .rollcall, at: 1, on: today) == [.its])
        #expect(life.stage == .discovered)
        let told = try life.take(.review(reviewer: "its.sample", reason: "asked for"), by: .its, at: 2, on: today)
        #expect(told == [.procurement, .requesters])
        _ = try life.take(.audit(.sample(.passed)), by: .its, at: 3, on: today, checklist: .sample)
        #expect(life.stage == .underReview)
        #expect(
            try life.take(.approve(.sample), by: .its, at: 4, on: today)
                == [.procurement, .schoolsUsing, .requesters, .everybody])
        #expect(life.approval == .sample)
        let end = Approval.sample.expires
        #expect(throws: StepRefusal.self) { try life.take(.expire(on: end), by: .rollcall, at: 5, on: end) }
        _ = try life.take(.expire(on: end), by: .rollcall, at: 5, on: end.advanced(by: 1))
        #expect(life.stage == .expired)
        #expect(life.stage?.status == .underReview)
        #expect(life.approval == nil)
        _ = try life.take(.review(reviewer: "its.sample", reason: "expired"), by: .its, at: 6, on: today)
        #expect(life.audit == nil)
        #expect(life.history.map(\.at) == [1, 2, 3, 4, 5, 6])
    }

    @Test func `is not approved without an audit of this review that was passed`() throws {
        var life = try underReview()
        #expect(throws: StepRefusal.missing("an audit of this review")) {
            try life.take(.approve(.sample), by: .its, at: 3, on: today)
        }
        _ = try life.take(.audit(.sample(.failed)), by: .its, at: 3, on: today, checklist: .sample)
        #expect(throws: StepRefusal.invalid("the audit of this review was not passed")) {
            try life.take(.approve(.sample), by: .its, at: 3, on: today)
        }
        _ = try life.take(.flag(Flagging(reason: "sells data", severity: .high)), by: .its, at: 4, on: today)
        _ = try life.take(.review(reviewer: "its.sample", reason: "new terms"), by: .its, at: 5, on: today)
        #expect(throws: StepRefusal.missing("an audit of this review")) {
            try life.take(.approve(.sample), by: .its, at: 6, on: today)
        }
    }

    @Test func `stays as it was when a step is refused`() throws {
        var life = try approved()
        let before = life
        #expect(throws: StepRefusal.self) {
            try life.take(.discover(schools: 1, devices: 3), by: .rollcall, at: 9, on: today)
        }
        #expect(throws: StepRefusal.notFor(.procurement, .flag)) {
            try life.take(.flag(Flagging(reason: "no", severity: .low)), by: .buyer, at: 9, on: today)
        }
        #expect(throws: StepRefusal.missing("the reason of the flag")) {
            try life.take(.flag(Flagging(reason: "", severity: .low)), by: .its, at: 9, on: today)
        }
        #expect(life == before)
    }

    @Test(arguments: Action.Kind.allCases) func `has for every step only parties that may take it`(kind: Action.Kind)
        throws
    {
        let rule = StepRule.of(kind)
        #expect(!rule.parties.isEmpty && !rule.demands.isEmpty && !rule.tells.isEmpty)
        for party in Set(Party.allCases).subtracting(rule.parties) {
            var life = Certification(platform: "Sample Quiz")
            #expect(throws: StepRefusal.notFor(party, kind)) {
                try life.take(Self.action(kind), by: Actor(name: "x", party: party), at: 1, on: today)
            }
        }
    }

    @Test func `takes over what a file says, and says so`() throws {
        var life = try approved()
        #expect(throws: StepRefusal.self) { try life.take(.takeOver(.approved), by: .rollcall, at: 5, on: today) }
        _ = try life.take(.takeOver(.flagged), by: .rollcall, at: 5, on: today)
        #expect(life.stage == .flagged)
        #expect(life.flagging == nil)
        _ = try life.take(.takeOver(.approved), by: .rollcall, at: 6, on: today)
        #expect(life.approval == nil)
    }

    @Test func `says since when it stands where it stands`() throws {
        #expect(try underReview().since == 2)
        #expect(try approved().since == 4)
    }

    private static func action(_ kind: Action.Kind) -> Action {
        switch kind {
        case .discover: .discover(schools: 1, devices: 3)
        case .review: .review(reviewer: "x", reason: "x")
        case .audit: .audit(.sample(.passed))
        case .approve: .approve(.sample)
        case .flag: .flag(Flagging(reason: "x", severity: .low))
        case .expire: .expire(on: .day("2026-01-01"))
        case .retire: .retire(reason: "x")
        case .takeOver: .takeOver(.approved)
        }
    }
}

@Suite struct `An audit` {
    @Test func `answers every question of its version of the checklist`() throws {
        try Audit.sample(.passed).check(against: .sample)
        var audit = Audit.sample(.passed)
        audit.answers["sso"] = nil
        #expect(throws: StepRefusal.missing("an answer to \"Does it use the district's sign-in?\"")) {
            try audit.check(against: .sample)
        }
        audit = .sample(.passed)
        audit.checklist = "2025-1"
        #expect(throws: StepRefusal.otherChecklist("2025-1", "2026-1")) { try audit.check(against: .sample) }
        audit = .sample(.passed)
        audit.answers["extra"] = Audit.Answer(.yes)
        #expect(throws: StepRefusal.self) { try audit.check(against: .sample) }
    }

    @Test func `is not passed while a required question is answered with no`() throws {
        #expect(throws: StepRefusal.self) { try Audit.sample(.passed, agreement: .no).check(against: .sample) }
        try Audit.sample(.failed, agreement: .no).check(against: .sample)
    }

    @Test(arguments: ["javascript:alert(1)", "docs.example", "https://", "https://x\n.example", "https://x.example/\""])
    func `takes links alone as evidence`(link: String) throws {
        var audit = Audit.sample(.passed)
        audit.answers["agreement"]?.evidence = [link]
        #expect(throws: StepRefusal.self) { try audit.check(against: .sample) }
    }
}
