import Registry
import Wire

/// A district that looks like one: few names that all schools use all day, many that one school uses now and then.
///
/// Everything follows from the seed: the same options make the same rows.
struct DistrictMaker {
    /// How many schools there are.
    let schools: Int
    /// The platforms that the catalogue knows.
    let catalogue: [Platform]
    private let seed: UInt64
    private let head: [String]
    private let tail: Int

    /// Names of platforms, which most schools use; and as many that belong to nobody, from which each school has its own.
    private static let (platformCount, tailCount) = (1200, 200_000)

    init(schools: Int, seed: UInt64) {
        self.schools = schools
        self.seed = seed
        var random = Random(state: seed)
        var platforms: [Platform] = []
        var head: [String] = []
        for number in 0..<Self.platformCount {
            let domain = "platform\(number).com"
            platforms.append(
                Platform(
                    name: "Platform \(number)", category: "category \(number % 20)",
                    kind: number % 9 == 0 ? .infrastructure : .tool, patterns: [.domain(domain)]))
            let hosts = number < 20 ? 40 : Int.random(in: 1...4, using: &random)
            head += (0..<hosts).map { $0 == 0 ? "www.\(domain)" : "host\($0).\(domain)" }
        }
        catalogue = platforms
        self.head = head
        tail = Self.tailCount
    }

    /// A school's habits: its names with how likely each is on a day, and by how many devices it is used.
    func habits(of school: Int) -> [Habit] {
        var random = Random(state: seed &+ UInt64(school) &* 7919)
        // Schools differ in size by a factor of six.
        let size = 0.4 + Double.random(in: 0...1, using: &random) * Double.random(in: 0...2, using: &random)
        var habits: [Habit] = []
        for (rank, name) in head.enumerated()
        where Double.random(in: 0...1, using: &random) < 1.3 / (1 + Double(rank) / 220) {
            let devices = max(3, Int(size * 400 / (1 + Double(rank) / 12)))
            habits.append(Habit(name: name, likelihood: 0.75, devices: devices, isShared: random.next() % 10 < 3))
        }
        for _ in 0..<Int(300 * size + 100) {
            // The square makes some of the tail far more common than the rest.
            let place = Double.random(in: 0...1, using: &random)
            let number = Int(place * place * Double(tail - 1))
            habits.append(
                Habit(
                    name: "host\(number % 7).site\(number / 7).org", likelihood: 0.25,
                    devices: Int.random(in: 3...9, using: &random), isShared: false))
        }
        return habits
    }

    /// What a school's agent counted on a day.
    func day(_ day: SchoolDay, school: Int, habits: [Habit]) -> Day {
        var random = Random(state: seed &+ UInt64(school) &* 104_729 &+ UInt64(day.ordinal))
        let isWeekend = (day.ordinal + 3) % 7 > 4
        var rows: [Row] = []
        for habit in habits {
            let likelihood = isWeekend ? habit.likelihood / 8 : habit.likelihood
            guard Double.random(in: 0...1, using: &random) < likelihood else { continue }
            rows.append(row(habit.name, "students", habit.devices, isWeekend, &random))
            if habit.isShared { rows.append(row(habit.name, "staff", max(3, habit.devices / 8), isWeekend, &random)) }
        }
        return Day(
            day: day, run: run(school, day), sequence: 1, ended: true, rows: rows,
            unnamed: Unnamed(tls: 40, quic: 9), encryptedDNS: EncryptedDNS(dot: 1, doh: 3),
            withheld: Withheld(names: 60, dns: 200, tls: 90), devices: isWeekend ? 9 : 430)
    }

    private func row(
        _ name: String, _ segment: String, _ usual: Int, _ isWeekend: Bool, _ random: inout Random
    ) -> Row {
        let devices = max(3, isWeekend ? usual / 30 : usual * Int.random(in: 60...110, using: &random) / 100)
        let tls = devices * Int.random(in: 1...4, using: &random)
        let choice = random.next() % 100
        var hours: [Int: Int] = [:]
        for hour in 8...15 {
            let active = devices * Int.random(in: 5...45, using: &random) / 100
            if active >= 3 { hours[hour] = active }
        }
        return Row(
            segment: segment, name: name, dns: devices * Int.random(in: 1...6, using: &random), tls: tls,
            quic: choice < 40 ? tls / 2 : 0, http: choice < 3 ? 5 : 0, attributed: choice % 5 == 0 ? 1 : 0,
            devices: devices, hours: hours)
    }

    private func run(_ school: Int, _ day: SchoolDay) -> String {
        let digits = String(UInt64(school) << 32 | UInt64(day.ordinal), radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}

/// A name that a school uses.
struct Habit: Sendable {
    /// The name.
    var name: String
    /// How likely it is seen on a school day, 0 to 1.
    var likelihood: Double
    /// By how many devices, about.
    var devices: Int
    /// Whether staff uses it besides students.
    var isShared: Bool
}

/// Random numbers that a seed repeats (SplitMix64).
struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
