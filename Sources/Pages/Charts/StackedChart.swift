/// Bars of several parts in a row as SVG, with a scale to the left and a few labels below.
struct StackedChart {
    /// A part that each bar has.
    struct Part {
        /// The word of its CSS class, `status-flagged`.
        var style: String
        var label: String
    }

    /// A bar.
    struct Point {
        var label: String
        /// The height of each part in tenths, from below, never below zero.
        var values: [Int]
    }

    var title: String
    var description: String
    var parts: [Part]
    var points: [Point]

    /// The chart.
    var svg: String {
        let frame = ChartFrame(largest: points.map { $0.values.reduce(0, +) }.max() ?? 0, count: points.count)
        let bars = points.indices.map { bar($0, frame) }.joined()
        return frame.svg(
            title: title, description: description, scale: { writtenAverage(tenths: $0) }, points.map(\.label)
        ) {
            bars
        }
    }

    private func bar(_ index: Int, _ frame: ChartFrame) -> String {
        let (x, width) = frame.bar(index)
        var below = 0
        return zip(parts, points[index].values).map { part, value in
            let (top, bottom) = (frame.height(of: below + value), frame.height(of: below))
            below += value
            guard value > 0 else { return "" }
            let said = escapedForHTML("\(points[index].label), \(part.label): \(writtenAverage(tenths: value))")
            return
                "<rect class=\"\(part.style)\" x=\"\(x)\" y=\"\(top)\" width=\"\(width)\" height=\"\(max(1, bottom - top))\">"
                + "<title>\(said)</title></rect>"
        }.joined()
    }
}
