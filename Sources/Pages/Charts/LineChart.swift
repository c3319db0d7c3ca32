/// Lines over time as SVG, each with points where its values are.
struct LineChart {
    /// A line.
    struct Line {
        /// The word of its CSS class, `chart-line-own`.
        var style: String
        var label: String
        /// A value for each point, never below zero; nil where there is none.
        var values: [Int?]
    }

    var title: String
    var description: String
    /// A value in words.
    var words: (Int) -> String = { written($0) }
    /// The least top of the scale.
    var ceiling = 0
    var labels: [String]
    var lines: [Line]

    /// The chart.
    var svg: String {
        let largest = lines.flatMap(\.values).compactMap(\.self).max() ?? 0
        let frame = ChartFrame(largest: max(ceiling, largest), count: labels.count)
        return frame.svg(title: title, description: description, scale: words, labels) {
            lines.map { drawn($0, frame) }.joined()
        }
    }

    /// Segments from point to point: a line of SVG takes percentages, a path does not.
    private func drawn(_ line: Line, _ frame: ChartFrame) -> String {
        let points = line.values.enumerated().compactMap { index, value in
            value.map { (x: frame.percent(frame.middle(of: index)), y: frame.height(of: $0), index: index, value: $0) }
        }
        let segments = zip(points, points.dropFirst()).map { from, to in
            "<line class=\"\(line.style)\" x1=\"\(from.x)\" y1=\"\(from.y)\" x2=\"\(to.x)\" y2=\"\(to.y)\"/>"
        }
        let dots = points.map { point in
            let said = escapedForHTML("\(line.label), \(labels[point.index]): \(words(point.value))")
            return
                "<circle class=\"\(line.style)\" cx=\"\(point.x)\" cy=\"\(point.y)\" r=\"3.5\"><title>\(said)</title></circle>"
        }
        return segments.joined() + dots.joined()
    }
}
