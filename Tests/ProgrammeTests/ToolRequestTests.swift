import Testing

@testable import Programme

@Suite struct `A request for a tool` {
    private let question = ToolRequest.Question(
        school: "Sample High", tool: "Sample Quiz", purpose: "quizzes", subject: "mathematics", users: 30)

    @Test func `is answered at once where the programme has decided`() throws {
        let yes = try ToolRequest(asking: question, decision: .approved(conditions: "teachers' accounts only"), at: 1)
        #expect(yes.state.isAnswer)
        #expect(yes.message == "Sample Quiz is approved. You may use it: teachers' accounts only.")
        let no = try ToolRequest(
            asking: question, decision: .flagged(reason: "it sells data", replacement: "Kahoot!"), at: 1)
        #expect(no.message == "Sample Quiz is flagged and must not be used: it sells data. Use Kahoot! instead.")
    }

    @Test func `goes to the school, to the reviewer of the subject, into review, and is answered`() throws {
        var request = try ToolRequest(asking: question, decision: nil, at: 1)
        var told = [request.message]
        try request.take(.schoolAgrees, by: .school, at: 2)
        told.append(request.message)
        try request.take(.reviewerTakes, by: .its, at: 3)
        told.append(request.message)
        try request.take(.decided(.approved(conditions: "")), by: .rollcall, at: 4)
        told.append(request.message)
        #expect(
            told == [
                "Your request for Sample Quiz has been received. Sample High looks at it first.",
                "Sample High supports your request for Sample Quiz. The reviewer of mathematics looks at it next.",
                "Sample Quiz is under review by the district. You will hear how it ends.",
                "Sample Quiz is approved. You may use it.",
            ])
        #expect(throws: StepRefusal.self) { try request.take(.withdraw, by: .school, at: 5) }
    }

    @Test func `is declined with a reason, and taken over by ITS alone`() throws {
        var request = try ToolRequest(asking: question, decision: nil, at: 1)
        #expect(throws: StepRefusal.missing("the reason")) {
            try request.take(.decline(reason: ""), by: .school, at: 2)
        }
        #expect(throws: StepRefusal.notFor(.school, .review)) { try request.take(.reviewerTakes, by: .school, at: 2) }
        try request.take(.decline(reason: "there is Kahoot!"), by: .school, at: 2)
        #expect(request.message == "Your request for Sample Quiz was declined: there is Kahoot!.")
    }

    @Test func `says what it is for`() {
        var question = question
        question.purpose = ""
        #expect(throws: StepRefusal.missing("what the tool is for")) {
            try ToolRequest(asking: question, decision: nil, at: 1)
        }
    }
}
