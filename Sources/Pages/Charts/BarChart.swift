/// Numbers in a row as SVG: a bar each.
struct BarChart {
    /// A bar.
    struct Point {
        /// What is written below it, `Nov 24`.
        var label: String
        /// Its height, never below zero.
        var value: Int
    }

    var title: String
    var description: String
    /// A value in words.
    var words: (Int) -> String = { written($0) }
    var points: [Point]

    /// The chart; without points, a frame that says so.
    var svg: String {
        let frame = ChartFrame(largest: points.map(\.value).max() ?? 0, count: points.count)
        return frame.svg(title: title, description: description, scale: words, points.map(\.label)) {
            points.indices.map { bar($0, frame) }.joined()
        }
    }

    private func bar(_ index: Int, _ frame: ChartFrame) -> String {
        let point = points[index]
        let (x, width) = frame.bar(index)
        let base = frame.height(of: 0)
        // What is there at all shows at least a line.
        let tall = max(base - frame.height(of: point.value), point.value > 0 ? 2 : 0)
        return "<rect class=\"chart-bar\" x=\"\(x)\" y=\"\(base - tall)\" width=\"\(width)\" height=\"\(tall)\">"
            + "<title>\(escapedForHTML("\(point.label): \(words(point.value))"))</title></rect>"
    }
}
