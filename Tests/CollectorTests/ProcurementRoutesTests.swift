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
}
