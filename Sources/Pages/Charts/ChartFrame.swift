/// What all charts share: the scale to the left, a few labels below, and where the points stand.
///
/// Widths are percentages and heights are pixels, so that a chart fills any page and its text keeps its size.
struct ChartFrame {
    /// The top of the scale.
    let ceiling: Int
    /// How many points stand side by side.
    let count: Int

    private static let top = 24
    private static let plotHeight = 180
    private static let bottom = 28
    /// Percentages are reckoned in hundredths: 10,000 is the whole width.
    private static let whole = 10_000
    /// The left edge is the scale's; at the right one the last label needs room.
    private static let left = 900
    private static let right = 250

    /// Makes a frame in which the largest value fits.
    init(largest: Int, count: Int) {
        ceiling = Self.ceiling(of: largest)
        self.count = count
    }

    /// The next round number whose half is round too.
    static func ceiling(of largest: Int) -> Int {
        if largest <= 10 { return max(2, largest + largest % 2) }
        var power = 1
        while power <= Int.max / 1000, power * 100 < largest { power *= 10 }
        return [12, 16, 20, 30, 40, 50, 60, 80, 100].map { $0 * power }.first { $0 >= largest } ?? largest
    }

    /// Where a value lies, in pixels from above.
    func height(of value: Int) -> Int {
        Self.top + Self.plotHeight - fraction(value, of: ceiling, in: Self.plotHeight)
    }

    /// Where the bar of a point begins, and how wide it is.
    func bar(_ index: Int) -> (x: String, width: String) {
        let from = start(of: index)
        let step = start(of: index + 1) - from
        // Many days stand side by side without a gap; few do not grow to blocks.
        let wide = count > 120 ? step : min(step * 7 / 10, 800)
        return (percent(from + (step - wide) / 2), percent(wide))
    }

    /// The middle of a point, in hundredths of a percent.
    func middle(of index: Int) -> Int { (start(of: index) + start(of: index + 1)) / 2 }

    /// The chart around its marks.
    ///
    /// - Parameters:
    ///   - title: What it shows.
    ///   - description: What it says, in a sentence, to those who do not see it.
    ///   - scale: A value of the scale in words.
    ///   - labels: What is written below each point.
    ///   - marks: Bars or lines.
    /// - Returns: The chart as SVG.
    func svg(
        title: String, description: String, scale: (Int) -> String, _ labels: [String], marks: () -> String
    ) -> String {
        let height = Self.top + Self.plotHeight + Self.bottom
        let content =
            labels.isEmpty
            ? "<text class=\"chart-label\" x=\"50%\" y=\"\(Self.top + Self.plotHeight / 2)\" text-anchor=\"middle\">No days</text>"
            : lines(scale) + marks() + below(labels)
        return "<svg class=\"chart\" width=\"100%\" height=\"\(height)\" role=\"img\" "
            + "aria-label=\"\(escapedForHTML("\(title). \(description)"))\">\(content)</svg>"
    }

    /// A line at nothing, half and everything.
    private func lines(_ scale: (Int) -> String) -> String {
        [0, ceiling / 2, ceiling].map { value in
            let y = self.height(of: value)
            let line = "<line class=\"\(value == 0 ? "chart-base" : "chart-grid")\" x1=\"0\" x2=\"100%\" "
            return line + "y1=\"\(y)\" y2=\"\(y)\"/>"
                + "<text class=\"chart-label\" x=\"0\" y=\"\(y - 5)\">\(value == 0 ? "" : escapedForHTML(scale(value)))</text>"
        }.joined()
    }

    private func below(_ labels: [String]) -> String {
        labelled.map { index in
            let middle = middle(of: index)
            // On a phone half a label is this wide; it is not to stick out.
            let anchor = middle > 9300 ? "end" : "middle"
            return "<text class=\"chart-label\" x=\"\(percent(anchor == "end" ? Self.whole : middle))\" "
                + "y=\"\(Self.top + Self.plotHeight + 19)\" text-anchor=\"\(anchor)\">\(escapedForHTML(labels[index]))</text>"
        }.joined()
    }

    /// At most five points, the first and the last among them, evenly spread where their number allows it.
    var labelled: [Int] {
        let last = count - 1
        guard last > 0 else { return Array(0..<count) }
        let intervals = [4, 3, 2].first { last % $0 == 0 } ?? min(3, last)
        return (0...intervals).map { $0 * last / intervals }
    }

    private func start(of index: Int) -> Int {
        Self.left + fraction(index, of: count, in: Self.whole - Self.left - Self.right)
    }

    /// `1234` as `12.34%`.
    func percent(_ hundredths: Int) -> String {
        "\(hundredths / 100).\(twoDigits(hundredths % 100))%"
    }
}
