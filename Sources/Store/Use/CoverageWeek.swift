import GRDB
import Wire

/// What the agents of all schools told of the whole days of a week, as bytes.
///
///     which days      1 byte, the lowest bit for Monday
///     per day         a number for each column
///     per agent       agent − agent before   number
///                     days with reports      1 byte
struct CoverageWeek {
    /// The days as bytes.
    let bytes: [UInt8]

    /// Adds up some days of a week.
    init(_ week: Week, _ days: UInt8, _ db: Database) throws {
        var writer = PackedWriter()
        writer.byte(days)
        var agents: [Int64: UInt8] = [:]
        for day in 0..<7 where days & 1 << UInt8(day) != 0 {
            let text = SchoolDay(ordinal: week.monday + day).description
            let sums = try SQLiteStore.wholeDaySums("day = ?", [text], db)
            for sum in sums { writer.number(sum) }
            let find = try db.cachedStatement(sql: "SELECT DISTINCT agent FROM days WHERE day = ?")
            for agent in try Int64.fetchAll(find, arguments: [text]) { agents[agent, default: 0] |= 1 << UInt8(day) }
        }
        var before: Int64 = 0
        for (agent, seen) in agents.sorted(by: { $0.key < $1.key }) {
            writer.number(Int(agent - before))
            writer.byte(seen)
            before = agent
        }
        bytes = writer.bytes
    }

    /// Adds some of the days to sums, and their agents to others.
    static func add(
        _ bytes: Span<UInt8>, on days: UInt8, to sums: inout [Int], agents: inout Set<Int64>
    ) throws {
        var reader = PackedReader(bytes)
        let told = try reader.byte()
        for day in 0..<7 where told & 1 << UInt8(day) != 0 {
            for column in sums.indices {
                let sum = try reader.number()
                if days & 1 << UInt8(day) != 0 { sums[column] = sums[column].addingWithinBound(sum) }
            }
        }
        var agent: Int64 = 0
        while !reader.isAtEnd {
            agent += Int64(try reader.number())
            if try reader.byte() & days != 0 { agents.insert(agent) }
        }
    }
}
