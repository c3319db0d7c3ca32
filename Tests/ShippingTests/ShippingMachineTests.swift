import Shipping
import Testing
import Wire

@Suite struct `Shipping` {
    var generator = SystemRandomNumberGenerator()
    var machine = ShippingMachine(collector: "https://collector.example", rowLimit: 8)
    let away = ShippingMachine.Answer.unavailable(reason: "connection refused", retryAfter: nil)

    @Test mutating func `a confirmed report is followed by the next`() {
        let receipt = Receipt(stored: 3)
        #expect(machine.handle(.confirmed(receipt), using: &generator) == .confirm(receipt))
    }

    @Test mutating func `a day that the collector left out whole is not confirmed, one with a row left out is`() {
        for (pointer, isWhole) in [
            ("/days/0/day", true), ("/days/0", true), ("/days/0/rows/3/name", false), ("/days/0/groups/1", false),
            ("/health/rows", false),
        ] {
            let receipt = Receipt(stored: 0, skipped: [.init(pointer: pointer, detail: "2036-01-01 is in the future")])
            let action = machine.handle(.confirmed(receipt), using: &generator)
            let refusal = ShippingError.dayRefused(
                collector: "https://collector.example", detail: "2036-01-01 is in the future")
            #expect(action == (isWhole ? .giveUp(refusal) : .confirm(receipt)))
        }
    }

    @Test mutating func `pauses double up to five minutes, and half of each is chance`() {
        for failure in 0..<20 {
            guard case .again(let pause) = machine.handle(away, using: &generator) else {
                Issue.record("no pause")
                return
            }
            let longest = min(Duration.seconds(1 << failure), .seconds(300))
            #expect(pause >= longest / 2 && pause <= longest)
        }
    }

    @Test mutating func `a success makes the pauses short again`() {
        for _ in 0..<6 { _ = machine.handle(away, using: &generator) }
        _ = machine.handle(.confirmed(Receipt(stored: 0)), using: &generator)
        guard case .again(let pause) = machine.handle(away, using: &generator) else {
            Issue.record("no pause")
            return
        }
        #expect(pause <= .seconds(1))
    }

    @Test mutating func `the collector may ask for a longer pause, up to an hour`() {
        let busy = ShippingMachine.Answer.unavailable(reason: "status 503", retryAfter: .seconds(90))
        #expect(machine.handle(busy, using: &generator) == .again(after: .seconds(90)))
        let forever = ShippingMachine.Answer.unavailable(reason: "status 503", retryAfter: .seconds(1_000_000))
        #expect(machine.handle(forever, using: &generator) == .again(after: .seconds(3600)))
    }

    @Test mutating func `a report that is too large is sent in smaller ones, down to a row`() {
        for limit in [4, 2, 1] {
            #expect(machine.handle(.tooLarge, using: &generator) == .smaller)
            #expect(machine.rowLimit == limit)
        }
        guard case .giveUp(.refused(_, status: 413, _)) = machine.handle(.tooLarge, using: &generator) else {
            Issue.record("went on")
            return
        }
    }

    @Test mutating func `what waiting cannot mend is told in clear words`() {
        guard
            case .giveUp(let error) = machine.handle(
                .unauthorized(detail: "this agent was revoked"), using: &generator)
        else {
            Issue.record("went on")
            return
        }
        #expect(
            error.description.hasPrefix(
                "https://collector.example does not accept this agent (this agent was revoked)"))
    }
}

@Suite struct `Collector address` {
    @Test(arguments: [
        "https://collector.example", "https://collector.example:8443/rollcall/", "http://127.0.0.1:8080",
        "http://127.1.2.3", "http://localhost:8080", "http://[::1]:8080", "HTTPS://collector.example",
    ])
    func `is HTTPS, or HTTP on loopback`(text: String) throws {
        let address = try CollectorAddress(text)
        #expect(!address.description.hasSuffix("/"))
    }

    @Test(arguments: [
        "http://collector.example", "http://10.0.0.1", "http://127.0.0.1.example.com", "http://localhost.example",
        "http://128.0.0.1", "ftp://localhost", "collector.example", "", "https://", "https://user@collector.example",
        "https://collector.example/?a=b",
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: ShippingError.self) { try CollectorAddress(text) }
    }
}
