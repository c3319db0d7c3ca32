/// Devices in each hour of each day of a week, all schools together.
typealias WeekHours = InlineArray<7, HourCounts>

/// Hours of a week as bytes.
///
///     which days   1 byte, the lowest bit for Monday
///     per day      hours    3 bytes, a bit for each hour, the lowest first
///                  devices  a number for each
struct PackedHours {
    static func pack(_ week: WeekHours) -> [UInt8] {
        var writer = PackedWriter()
        var days: UInt8 = 0
        for day in 0..<7 where week[day].mask != 0 { days |= 1 << UInt8(day) }
        writer.byte(days)
        for day in 0..<7 where week[day].mask != 0 {
            let mask = week[day].mask
            for shift in [0, 8, 16] as [UInt32] { writer.byte(UInt8(truncatingIfNeeded: mask >> shift)) }
            for hour in 0..<24 where mask & 1 << UInt32(hour) != 0 { writer.number(week[day][hour]) }
        }
        return writer.bytes
    }

    static func unpack(_ bytes: Span<UInt8>) throws -> WeekHours {
        var reader = PackedReader(bytes)
        var week = WeekHours(repeating: HourCounts())
        let days = try reader.byte()
        for day in 0..<7 where days & 1 << UInt8(day) != 0 {
            var mask = UInt32(try reader.byte())
            mask |= UInt32(try reader.byte()) << 8
            mask |= UInt32(try reader.byte()) << 16
            for hour in 0..<24 where mask & 1 << UInt32(hour) != 0 { week[day][hour] = try reader.number() }
        }
        return week
    }
}
