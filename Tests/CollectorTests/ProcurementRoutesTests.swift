import Foundation
import HTTPTypes
import HummingbirdTesting
import Identity
import Programme
import Registry
import Store
import Testing
import Wire

@testable import rollcall_collector

/// Those that buyers use.
extension `The certification programme's pages` {
    @Test func `weigh spend, and keep contract language`() async throws {
        let collector = try collector()
        let secret = try await collector.secret(school: "Sample High")
        try await collector.run(as: .procurement) { client in
            _ = try await client.post(
                Path.reports, bearer: secret, body: try Report.sample([Row(name: "kahoot.it", devices: 5)]))
            let csv = "platform,school,period,amount,licences\nKahoot!,Sample High,2026-27,\"1,200.50\",40\n"
            #expect(try await client.form("/procurement/spend", [("csv", csv)]).status == .seeOther)
            let sheet = try await client.page("/procurement/leverage.csv").text
            #expect(
                sheet.contains(
                    "Kahoot!,Kahoot,assessment,not_in_registry,1,5,0,40,1200.50,\"40 licences are paid for, and its busiest day saw at least 5 devices: ask whether fewer will do.\","
                ))
            let language = [("title", "Data"), ("text", "The vendor shall delete."), ("name", "")]
            #expect(try await client.form("/procurement/language", language).status == .seeOther)
            #expect(
                try await client.page("/procurement/language?name=Kahoot!").text.contains("The vendor shall delete."))
            let step = [("name", "Kahoot!"), ("step", "flag"), ("reason", "x")]
            #expect(try await client.form("/programme/step", step).status == .forbidden)
        }
    }

    @Test func `answer "may I buy this?" with the contract, price vehicle and agreement that a buyer wrote down`()
        async throws
    {
        let collector = try collector()
        _ = try await collector.store.importRegistry(replacing: false, by: "sample", at: 1) { _ in
            [Platform(name: "Kahoot!", status: .approved, patterns: [.domain("kahoot.it")])]
        }
        try await collector.run(as: .procurement) { client in
            let terms = [
                ("name", "Kahoot!"), ("relationship", "contract"), ("contract", "C-17"),
                ("price_vehicle", "State price list 4"), ("licences", "1200"),
                ("agreement", "https://docs.example/dpa"), ("agreement_signed", "2026-07-01"),
                ("agreement_expires", "2027-06-30"),
            ]
            for (field, value, message) in [
                ("licences", "many", "write it with digits alone"), ("agreement", "javascript:x", "is no web address"),
                ("agreement_expires", "2026-01-01", "is before agreement_signed"),
                ("agreement", "", "without an agreement"),
                ("name", "Nothing", "Neither registry nor catalogue"),
            ] {
                let wrong = try await client.form("/programme/terms", terms.filter { $0.0 != field } + [(field, value)])
                #expect(
                    [400, 404].contains(wrong.status.code) && wrong.text.contains(message), "\(field): \(wrong.text)")
            }
            #expect(try await client.form("/programme/terms", terms).status == .seeOther)
            let answer = try await client.page("/procurement?q=kahoot").text
            for text in [
                "Yes, you may buy it.", "C-17", "State price list 4", "1,200",
                "Signed on July 1, 2026, until June 30, 2027",
                "https://docs.example/dpa",
            ] {
                #expect(answer.contains(text), "\(text)")
            }
            let csv = try await client.page("/procurement/acceptable.csv").text
            let kept = try #require(try PlatformFile.read(Array(csv.utf8), file: "x.csv").first)
            #expect(kept.terms.priceVehicle == "State price list 4")
            #expect(kept.privacy.agreement?.signed?.description == "2026-07-01")
            #expect(kept.patterns == [.domain("kahoot.it")])
            let log = try await collector.store.auditEntries(AuditQuery(what: "platform.change", limit: 9)).map(\.entry)
            #expect(log.count == 1)
            #expect(log[0].after?.contains("price_vehicle: State price list 4") == true)
            #expect(log[0].before?.contains("price_vehicle: ;") == true)
            // Everybody reads of the agreement and its day, and not of the contract.
            let open = try await client.page("/public").text
            #expect(open.contains("Jul 1, 2026") && !open.contains("C-17") && !open.contains("price list"))
        }
    }

    @Test func `put the use and cost of one platform before its vendor`() async throws {
        let collector = try collector()
        let secret = try await collector.secret(school: "Sample High")
        try await collector.run(as: .procurement) { client in
            _ = try await client.post(
                Path.reports, bearer: secret,
                body: try Report.sample([Row(name: "kahoot.it", devices: 5), Row(name: "quiz.example", devices: 25)]))
            let csv = "platform,school,period,amount,licences\nKahoot!,Sample High,2026-27,1200,40\n"
            #expect(try await client.form("/procurement/spend", [("csv", csv)]).status == .seeOther)
            let page = try await client.page("/procurement/offer?name=Kahoot!").text
            #expect(
                page.contains(
                    "40 licences are paid for, and its busiest day saw at least 5 devices: ask whether fewer will do."))
            #expect(page.contains("$1,200") && page.contains("Sample High"))
            #expect(try await client.page("/procurement/offer.csv?name=kahoot!").text.contains("Sample High,5,0"))
            #expect(try await client.page("/procurement/offer?name=nothing").status == .notFound)
            let log = try await collector.store.auditEntries(AuditQuery(what: "spend.", limit: 9)).map(\.entry)
            #expect(log.map(\.what) == ["spend.import", "spend.change"])
            #expect(log[1].subject == "Kahoot!, Sample High, 2026-27" && log[1].after == "120000 cents, 40 licences")
        }
    }

    @Test func `list what was paid, refuse what belongs to no platform, and take a line away`() async throws {
        let collector = try collector()
        _ = try await collector.secret(school: "Sample High")
        try await collector.run(as: .procurement) { client in
            let head = "platform,school,period,amount,licences\n"
            let wrong = try await client.form(
                "/procurement/spend", [("csv", head + "Kahut,,2026-27,1,\nkahoot.it,,2026-27,2,\n")])
            #expect(wrong.status == .badRequest)
            #expect(wrong.text.contains("spend figures:2: there is no platform") && wrong.text.contains("did you mean"))
            let csv = head + "kahoot.it,Sample Hihg,2026-27,20.50,\nKAHOOT,Sample High,2026-27,30,7\n"
            let kept = try await client.form("/procurement/spend", [("csv", csv)])
            #expect(kept.headers[.location] == "/procurement/spend")
            let page = try await client.page("/procurement/spend").text
            #expect(page.contains("2 lines") && page.contains("$20.50"))
            #expect(page.components(separatedBy: "No school of this name has ever reported").count == 2)
            let file = try await client.page("/procurement/spend.csv").text
            #expect(file.contains("Kahoot!,Sample Hihg,2026-27,20.50,"))
            let line = [("platform", "Kahoot!"), ("school", "Sample Hihg"), ("period", "2026-27")]
            #expect(try await client.form("/procurement/spend/remove", line).status == .seeOther)
            #expect(try await client.form("/procurement/spend/remove", line).status == .notFound)
            #expect(try await collector.store.spends().map(\.school) == ["Sample High"])
            // Paid for and never seen: there is a case to be made of that, too.
            #expect(
                try await client.page("/procurement/leverage?search=kahoot").text.contains(
                    "It is paid for and was not seen in use: end or move the licences."))
            #expect(try await client.page("/procurement/spend?search=nothing").text.contains("Nothing here has"))
            let log = try await collector.store.auditEntries(AuditQuery(what: "spend.remove", limit: 9)).map(\.entry)
            #expect(log.map(\.before) == ["2050 cents"])
        }
    }

    @Test func `answer with how widely a name of no known tool is used, and with decisions first`() async throws {
        let collector = try collector()
        let secret = try await collector.secret(school: "Sample High")
        _ = try await collector.store.importRegistry(replacing: false, by: "sample", at: 1) { _ in
            (0..<30).map { Platform(name: "Maker tool \($0)", vendor: "Sample Maker") }
                + [Platform(name: "Zebra", vendor: "Sample Maker", status: .approved)]
        }
        try await collector.run(as: .procurement) { client in
            _ = try await client.post(
                Path.reports, bearer: secret,
                body: try Report.sample([Row(name: "app.lesson-canvas.example", tls: 9, devices: 5)]))
            for question in ["lesson canvas", "https://app.lesson-canvas.example/start", "Lesson-Canvas"] {
                let answer = try await client.page(
                    "/procurement?q=" + question.replacingOccurrences(of: " ", with: "+")
                ).text
                for text in [
                    "lesson-canvas.example</h2>", "1 school in the last seven days", "5 devices on the busiest day",
                ] {
                    #expect(answer.contains(text), "\(question): \(text)")
                }
            }
            #expect(try await client.page("/procurement?q=nothing+like+it").text.contains("Nothing is known of"))
            let maker = try await client.page("/procurement?q=sample+maker").text
            let zebra = try #require(maker.range(of: "Zebra</h2>"))
            let other = try #require(maker.range(of: "Maker tool 0</h2>"))
            #expect(zebra.lowerBound < other.lowerBound)
            #expect(maker.contains("And 11 more"))
        }
    }
}
