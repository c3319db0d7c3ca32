import Wire

/// A moment as mail writes it (RFC 5322 section 3.3): `Tue, 24 Nov 2026 15:00:00 +0000`.
func mailDate(_ moment: Int) -> String {
    let day = SchoolDay(ordinal: Int((Double(moment) / 86_400).rounded(.down)))
    let seconds = moment - day.ordinal * 86_400
    let parts = day.description.split(separator: "-").map { Int($0) ?? 1 }
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let time = "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    return "\(weekdays[(day.ordinal + 4) % 7]), \(parts[2]) \(months[parts[1] - 1]) \(parts[0]) \(time) +0000"
}
