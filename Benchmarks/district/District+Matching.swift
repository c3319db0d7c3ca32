import Matching
import Registry

extension District {
    /// Measures how long the largest registry takes to tell whom a million names belong to.
    func match(_ bench: inout Bench) {
        var random = Random(state: seed)
        let platforms = (0..<10_000).map { number in
            Platform(
                name: "Platform \(number)",
                patterns: [
                    .domain("platform\(number).com"), .domain("platform\(number)-learning.org"),
                    .exact("login.platform\(number).net"), .exact("api\(number).shared-hosting.example"),
                    .ending("-p\(number).cdn.example"),
                ])
        }
        let names = (0..<1_000_000).map { number in
            let platform = Int.random(in: 0..<10_000, using: &random)
            return switch number % 5 {
            case 0: "host\(number).eu.platform\(platform).com"
            case 1: "n\(number)-p\(platform).cdn.example"
            case 2: "x\(number).login.platform\(platform).net"
            default: "host\(number % 7).site\(number).org"
            }
        }
        let clock = ContinuousClock()
        var start = clock.now
        let matcher = Matcher(registry: platforms)
        bench.note("matching: making ready 50,000 patterns", (clock.now - start).seconds, "s")
        start = clock.now
        let matched = names.count { matcher.index(of: $0) != nil }
        bench.note("matching: a million names, 50,000 patterns", (clock.now - start).seconds, "s", atMost: 2)
        bench.note("matching: names that belong to a platform", Double(matched), "names", atLeast: 400_000)
    }
}
