/// Numbers in a row as SVG: a bar each, with a scale to the left and a few labels below.
///
/// Widths are percentages and heights are pixels, so that the chart fills any page and its text keeps its size.
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
    var points: [Point]

    private let top = 24
    private let plotHeight = 180
    private let bottom = 28
    /// Percentages are written in hundredths: 10,000 is the whole width.
    private let width = 10_000

    /// The chart; without points, a frame that says so.
    var svg: String {
        let height = top + plotHeight + bottom
        return """
            <svg class="chart" width="100%" height="\(height)" role="img" aria-labelledby="chart-title chart-description">\
            <title id="chart-title">\(escapedForHTML(title))</title>\
            <desc id="chart-description">\(escapedForHTML(description))</desc>\
            \(points.isEmpty ? nothing : scale + bars + labels)</svg>
            """
    }

    private var nothing: String {
        "<text class=\"chart-label\" x=\"50%\" y=\"\(top + plotHeight / 2)\" text-anchor=\"middle\">No days</text>"
    }

    /// The top of the scale: the next round number whose half is round too.
    var ceiling: Int {
        let largest = points.map(\.value).max() ?? 0
        if largest <= 10 { return max(2, largest + largest % 2) }
        var power = 1
        while power <= Int.max / 1000, power * 100 < largest { power *= 10 }
        return [12, 16, 20, 30, 40, 50, 60, 80, 100].map { $0 * power }.first { $0 >= largest } ?? largest
    }

    /// A line at nothing, half and everything.
    private var scale: String {
        [0, ceiling / 2, ceiling].map { value in
            let y = height(of: value)
            let line = "<line class=\"\(value == 0 ? "chart-base" : "chart-grid")\" x1=\"0\" x2=\"100%\" "
            return line + "y1=\"\(y)\" y2=\"\(y)\"/>"
                + "<text class=\"chart-label\" x=\"0\" y=\"\(y - 5)\">\(value == 0 ? "" : written(value))</text>"
        }.joined()
    }

    private func height(of value: Int) -> Int {
        top + plotHeight - fraction(value, of: ceiling, in: plotHeight)
    }

    /// Where a bar begins, in hundredths of a percent.
    private func start(of index: Int) -> Int {
        // The left edge is the scale's; at the right one the last label needs room.
        let left = 900
        let right = 250
        return left + fraction(index, of: points.count, in: width - left - right)
    }

    private var bars: String {
        points.indices.map { index in
            let from = start(of: index)
            let step = start(of: index + 1) - from
            // Many days stand side by side without a gap; few do not grow to blocks.
            let wide = points.count > 120 ? step : min(step * 7 / 10, 800)
            let y = height(of: points[index].value)
            // A day with anything at all shows at least a line.
            let tall = max(top + plotHeight - y, points[index].value > 0 ? 2 : 0)
            let said = escapedForHTML("\(points[index].label): \(written(points[index].value))")
            return """
                <rect class="chart-bar" x="\(percent(from + (step - wide) / 2))" y="\(top + plotHeight - tall)" \
                width="\(percent(wide))" height="\(tall)"><title>\(said)</title></rect>
                """
        }.joined()
    }

    private var labels: String {
        labelled.map { index in
            let middle = (start(of: index) + start(of: index + 1)) / 2
            // On a phone half a label is this wide; it is not to stick out.
            let anchor = middle > 9300 ? "end" : "middle"
            return "<text class=\"chart-label\" x=\"\(percent(anchor == "end" ? width : middle))\" "
                + "y=\"\(top + plotHeight + 19)\" text-anchor=\"\(anchor)\">\(escapedForHTML(points[index].label))</text>"
        }.joined()
    }

    /// At most five points, the first and the last among them, evenly spread where their number allows it.
    var labelled: [Int] {
        let last = points.count - 1
        guard last > 0 else { return Array(points.indices) }
        let intervals = [4, 3, 2].first { last % $0 == 0 } ?? min(3, last)
        return (0...intervals).map { $0 * last / intervals }
    }

    /// `1234` as `12.34%`.
    private func percent(_ hundredths: Int) -> String {
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)%"
    }
}
