import Testing
import Wire

@testable import Programme

@Suite struct `A transition case` {
    private let terms = TransitionCase.Terms(devices: 3, quietDays: 3, dueAfter: 60)
    /// A Monday.
    private let monday = SchoolDay.day("2026-09-07")

    /// Consecutive days from that Monday on, weekends included.
    private func days(_ devices: [Int], from offset: Int = 0) -> [TransitionCase.DayOfUse] {
        devices.enumerated().map { TransitionCase.DayOfUse(monday.advanced(by: offset + $0.offset), $0.element) }
    }

    private func flaggedCase(_ days: [TransitionCase.DayOfUse]) -> TransitionCase? {
        TransitionCase(
            .flaggedInUse, platform: "Sample Quiz", school: "Sample Middle School", replacement: "Kahoot!", days: days,
            terms: terms)
    }

    @Test func `opens with the first use of a flagged platform, and not below k`() throws {
        #expect(flaggedCase(days([2, 2])) == nil)
        let opened = try #require(flaggedCase(days([0, 7])))
        #expect(opened.isOpen)
        #expect(opened.due == .day("2026-11-07"))
        #expect(opened.turns.map(\.evidence) == ["7 devices on September 8, 2026"])
    }

    @Test func `closes after quiet school days, for which a weekend does not count`() throws {
        // Thursday 10, then Friday quiet, Saturday and Sunday quiet, Monday quiet: two school days only.
        var quiz = try #require(flaggedCase(days([9, 9, 9, 9])))
        #expect(quiz.weigh(days([9, 9, 9, 9, 2, 0, 0, 1]), terms: terms) == nil)
        let turn = quiz.weigh(days([9, 9, 9, 9, 2, 0, 0, 1, 0]), terms: terms)
        #expect(turn?.isOpen == false)
        #expect(turn?.evidence == "use stayed below 3 devices for 3 school days")
        #expect(!quiz.isOpen)
    }

    @Test func `is not closed by days on which the school did not report`() throws {
        var quiz = try #require(flaggedCase(days([9])))
        #expect(quiz.weigh(days([9]) + days([0], from: 28), terms: terms) == nil)
        #expect(quiz.isOpen)
    }

    @Test func `reopens when use returns, and is due anew`() throws {
        var quiz = try #require(flaggedCase(days([9])))
        let quiet = days([9, 0, 0, 0])
        #expect(quiz.weigh(quiet, terms: terms)?.isOpen == false)
        #expect(quiz.weigh(quiet, terms: terms) == nil)
        #expect(quiz.weigh(quiet + days([5], from: 8), terms: terms)?.isOpen == true)
        #expect(quiz.due == monday.advanced(by: 68))
        #expect(quiz.turns.map(\.isOpen) == [true, false, true])
    }

    @Test func `of a platform that is paid for opens on silence and closes on use`() throws {
        func silent(_ days: [TransitionCase.DayOfUse]) -> TransitionCase? {
            TransitionCase(
                .paidAndSilent, platform: "Sample Reader", school: "Sample High", replacement: "", days: days,
                terms: terms)
        }
        #expect(silent(days([0, 0])) == nil)
        #expect(silent(days([0, 0, 9])) == nil)
        var reader = try #require(silent(days([9, 0, 0, 1])))
        #expect(reader.weigh(days([9, 0, 0, 1, 30]), terms: terms)?.isOpen == false)
        #expect(reader.weigh(days([9, 0, 0, 1, 30]) + days([0, 0, 0], from: 7), terms: terms)?.isOpen == true)
    }

    @Test func `is overdue only while it is open`() throws {
        var quiz = try #require(flaggedCase(days([9])))
        #expect(!quiz.isOverdue(on: quiz.due))
        #expect(quiz.isOverdue(on: quiz.due.advanced(by: 1)))
        quiz.drop(on: quiz.due, because: "no longer flagged")
        #expect(!quiz.isOverdue(on: quiz.due.advanced(by: 1)))
    }
}
