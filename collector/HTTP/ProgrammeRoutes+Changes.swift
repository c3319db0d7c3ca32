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
            let (number, due) = (try form.number("number"), try form.day("due", "The due day"))
            let (owner, done, message) = (form.text("owner") ?? "", form.text("done"), form.text("message"))
            let (who, now) = (context.who, reader.now())
            try await refusing {
                try await reader.store.change(case: number) { value in
                    (value.owner, value.due) = (owner, due)
                    if let index = value.steps.firstIndex(where: { $0.text == done }) {
                        value.steps[index].isDone = true
                    }
                    if let message { value.add(message, by: who.name, at: now) }
                }
            }
            try await reader.store.record(
                AuditEntry(
                    at: now, who: who, what: "case.change", subject: "\(number)", after: "owner \(owner), due \(due)"))
            return Response.seeOther("/programme/cases")
        }
    }

    func addSurveys(to router: some RouterMethods<EditorContext>) {
        router.post("programme/surveys") { _, context in
            let name = try context.form.required("survey", "The name of the survey")
            let text = try context.form.required("csv", "The survey")
            let declarations = try programme { try SurveyFile.read(Array(text.utf8), file: name) }
            try await reader.keep(survey: name, declarations)
            try await reader.store.record(
                AuditEntry(at: reader.now(), who: context.who, what: "survey.import", subject: name))
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
            try await reader.store.confirm(declaration: try context.form.number("number"), means: name)
            return Response.seeOther(Sheet.surveyLink(context.form.text("survey") ?? ""))
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
                evidence: form.text("evidence." + question.identifier).map { [$0] } ?? [])
        }
        return Audit(
            checklist: checklist.version, auditor: who, from: try form.day("from", "The first day"),
            to: try form.day("to", "The last day"), answers: answers,
            result: form.text("result") == "passed" ? .passed : .failed, summary: form.text("summary") ?? "")
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
