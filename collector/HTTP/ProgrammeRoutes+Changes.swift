import Alerts
import HTTPTypes
import Hummingbird
import Identity
import Pages
import Programme
import Registry
import Store
import Wire

/// What ITS changes.
extension ProgrammeRoutes {
    func addChanges(to router: some RouterMethods<EditorContext>) {
        router.post("programme/step") { _, context in
            let name = try context.form.required("name", "The platform")
            let found = try await reader.platform(named: name)
            let checklist = try reader.settings.checklist()
            let action = try action(context.form, by: context.who.name, checklist)
            try await take(
                action, on: found?.listed.platform ?? Platform(name: name), by: context.reader, checklist: checklist)
            return Response.seeOther(Sheet.platformLink(name))
        }
        router.post("programme/cases") { _, context in
            let form = context.form
            let due = try form.day("due", "The due day")
            let (owner, step, message) = (form.text("owner") ?? "", form.text("step"), form.text("message"))
            let (who, now) = (context.who, reader.now())
            return try await change(context) { value in
                (value.owner, value.due) = (owner, due)
                if let step, !value.steps.contains(where: { $0.text == step }) {
                    value.steps.append(TransitionCase.Task(step))
                }
                if let message { value.add(message, by: who.name, at: now) }
            }
        }
        router.post("programme/cases/done") { _, context in
            let done = try context.form.required("done", "The step")
            return try await change(context) { $0.finish(done) }
        }
        router.post("programme/requests/many") { _, context in
            let text = try context.form.required("csv", "The requests")
            let questions = try programme { try RequestFile.read(Array(text.utf8), file: "requests") }
            _ = try await refusing { try await reader.ask(questions, by: context.who) }
            return Response.seeOther("/programme/requests")
        }
    }

    /// Changes the case that a form names, and leads back to it.
    private func change(
        _ context: EditorContext, _ body: @escaping @Sendable (inout TransitionCase) -> Void
    ) async throws -> Response {
        let number = try context.form.number("number")
        guard let before = try await reader.store.cases().first(where: { $0.number == number })?.value else {
            throw Problem(status: 404, title: "No such case", detail: "There is no case \(number).")
        }
        try await refusing { try await reader.store.change(case: number, body) }
        var after = before
        body(&after)
        try await reader.record(
            context.who, "case.change", "\(before.platform) at \(before.school)", before: before.words,
            after: after.words)
        return Response.seeOther(Sheet.caseLink(number))
    }

    func addTerms(to router: some RouterMethods<BuyerContext>) {
        router.post("programme/terms") { _, context in
            let form = context.form
            let name = try form.required("name", "The platform")
            let licences = try form.text("licences").map { text throws(Problem) in
                guard let count = Int(text), count >= 0 else {
                    throw Problem(
                        status: 400, title: "Not a number of licences",
                        detail: "Licences held is \"\(text)\"; write it with digits alone, or leave it out.")
                }
                return count
            }
            let link = form.text("agreement") ?? ""
            let signed = try form.dayIfAny("agreement_signed", "The day of the agreement")
            let expires = try form.dayIfAny("agreement_expires", "The agreement's last day")
            try await reader.change(name, by: context.who) { platform in
                platform.terms.relationship = form.text("relationship").flatMap { Terms.Relationship(rawValue: $0) }
                platform.terms.contract = form.text("contract") ?? ""
                platform.terms.priceVehicle = form.text("price_vehicle") ?? ""
                platform.terms.licences = licences
                platform.privacy.agreement =
                    link.isEmpty && signed == nil && expires == nil
                    ? nil : PrivacyFacts.Agreement(link: link, signed: signed, expires: expires)
            }
            return Response.seeOther(Sheet.platformLink(name))
        }
    }

    func addSurveys(to router: some RouterMethods<EditorContext>) {
        router.post("programme/surveys") { _, context in
            let name = try context.form.required("survey", "The name of the survey")
            let text = try context.form.required("csv", "The survey")
            let declarations = try programme { try SurveyFile.read(Array(text.utf8), file: name) }
            try await reader.keep(survey: name, declarations, by: context.who)
            return Response.seeOther(Sheet.surveyLink(name))
        }
        router.post("programme/surveys/confirm") { _, context in
            let name = context.form.text("platform")
            if let name, try await reader.platform(named: name) == nil {
                throw Problem(
                    status: 400, title: "No such platform",
                    detail:
                        "There is no platform \"\(name)\" in registry and catalogue; write its name as there, or nothing."
                )
            }
            let (number, survey) = (try context.form.number("number"), context.form.text("survey") ?? "")
            let declared = try await reader.store.declarations(survey: survey).first { $0.number == number }
            guard let declared else {
                throw Problem(
                    status: 404, title: "No such declaration", detail: "The survey \"\(survey)\" has no line \(number)."
                )
            }
            try await reader.store.confirm(declaration: number, means: name)
            try await reader.record(
                context.who, "survey.confirm",
                "\(survey): \(declared.declaration.school): \(declared.declaration.tool)",
                before: declared.platform, after: name ?? "no platform")
            return Response.seeOther(Sheet.surveyLink(survey))
        }
    }

    func addSurveySchools(to router: some RouterMethods<EditorContext>) {
        router.post("programme/surveys/school") { _, context in
            let form = context.form
            let survey = try form.required("survey", "The survey")
            let written = try form.required("written", "The school as written")
            let school = try form.required("school", "The school")
            guard try await reader.store.schools().contains(school) else {
                throw Problem(
                    status: 400, title: "No such school", detail: "No school \"\(school)\" has ever reported.")
            }
            let count = try await reader.store.settle(survey: survey, school: written, means: school)
            try await reader.record(
                context.who, "survey.school", "\(survey): \(written)", after: "\(school), \(count) declarations")
            return Response.seeOther(Sheet.surveyLink(survey))
        }
    }

    /// The step that a form describes.
    private func action(_ form: FormRequest, by who: String, _ checklist: Checklist?) throws -> Action {
        switch form.text("step").flatMap({ Action.Kind(rawValue: $0) }) {
        case .review: return .review(reviewer: who, reason: try form.required("reason", "The reason"))
        case .audit:
            guard let checklist else {
                throw Problem(
                    status: 409, title: "No checklist",
                    detail: "The settings name no checklist; add a line checklist = \"audit-checklist.toml\".")
            }
            return .audit(try audit(form, by: who, checklist))
        case .approve:
            return .approve(
                Approval(
                    conditions: form.text("conditions") ?? "",
                    audiences: form.all("audiences").compactMap { Audience(rawValue: $0) },
                    expires: try form.day("expires", "The last day of the approval")))
        case .flag:
            let severity = form.text("severity").flatMap { Flagging.Severity(rawValue: $0) } ?? .medium
            return .flag(
                Flagging(
                    reason: try form.required("reason", "The reason"), severity: severity,
                    replacement: form.text("replacement") ?? ""))
        case .retire: return .retire(reason: try form.required("reason", "The reason"))
        case .discover, .expire, .takeOver, nil:
            throw Problem(status: 400, title: "Which step?", detail: "The form names no step that people take.")
        }
    }

    private func audit(_ form: FormRequest, by who: String, _ checklist: Checklist) throws -> Audit {
        var answers: [String: Audit.Answer] = [:]
        for question in checklist.questions {
            guard let value = form.text("answer." + question.identifier).flatMap({ Audit.Answer.Value(rawValue: $0) })
            else { continue }
            answers[question.identifier] = Audit.Answer(
                value, finding: form.text("finding." + question.identifier) ?? "",
                evidence: (form.text("evidence." + question.identifier) ?? "").split(whereSeparator: \.isWhitespace)
                    .map(String.init))
        }
        return Audit(
            checklist: checklist.version, auditor: who, from: try form.day("from", "The first day"),
            to: try form.day("to", "The last day"), answers: answers,
            result: form.text("result") == "passed" ? .passed : .failed, summary: form.text("summary") ?? "")
    }
}

extension TransitionCase {
    /// What of it people change, for the audit log.
    fileprivate var words: String {
        let done = steps.filter(\.isDone).map(\.text).joined(separator: ", ")
        return "owner \(owner.isEmpty ? "nobody" : owner), due \(due)" + (done.isEmpty ? "" : ", done: \(done)")
            + (messages.last.map { ", message: \($0.text)" } ?? "")
    }
}

extension FormRequest {
    /// An address that hears of a request; empty for none.
    func contact() throws(Problem) -> String {
        guard let text = text("contact") else { return "" }
        guard EmailAddress(text) != nil else {
            throw Problem(
                status: 400, title: "Not an e-mail address",
                detail: "\"\(text)\" is no e-mail address; write it as name@district.example, or leave it out.")
        }
        return text
    }
}
