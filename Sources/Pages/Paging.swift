/// Which rows of a long list a page shows, and where the others are.
struct Paging: Equatable {
    /// How many rows a page has.
    static let size = 50

    /// Such as `1 to 50 of 1,234 tools`.
    var position: String
    /// Where the other pages are; nil where there is but one.
    var bar: Bar?

    /// The pages around this one, with the first and the last.
    struct Bar: Equatable {
        /// The page before; nil on the first.
        var previous: String?
        /// The page after; nil on the last.
        var next: String?
        var pages: [Page]
    }

    /// A page to choose.
    struct Page: Equatable {
        var number: String
        var link: String
        var isCurrent: Bool
        /// Whether pages are left out before it.
        var hasGap: Bool
    }

    /// The rows of a page; one past the end is the last.
    static func range(page: Int, of count: Int, size: Int = size) -> Range<Int> {
        let last = max(0, (count - 1) / size)
        let start = min(page - 1, last) * size
        return start..<min(start + size, count)
    }

    /// Describes a page of a list.
    ///
    /// - Parameters:
    ///   - page: The page, from 1.
    ///   - count: How many rows the list has.
    ///   - one: What a row is, and ``many`` what several are.
    ///   - many: The plural; nil for an `s` more.
    ///   - size: How many rows a page has.
    ///   - link: The address of a page.
    init(page: Int, of count: Int, _ one: String, _ many: String? = nil, size: Int = size, link: (Int) -> String) {
        let range = Self.range(page: page, of: count, size: size)
        let last = max(1, (count + size - 1) / size)
        let page = min(page, last)
        position =
            last == 1
            ? counted(count, one, many)
            : "\(written(range.lowerBound + 1)) to \(written(range.upperBound)) of \(counted(count, one, many))"
        guard last > 1 else { return }
        let near = [1, page - 1, page, page + 1, last].filter { (1...last).contains($0) }
        var numbers: [Int] = []
        for number in near where numbers.last.map({ $0 < number }) ?? true { numbers.append(number) }
        bar = Bar(
            previous: page > 1 ? link(page - 1) : nil, next: page < last ? link(page + 1) : nil,
            pages: zip(numbers, [0] + numbers).map { number, before in
                Page(
                    number: written(number), link: link(number), isCurrent: number == page, hasGap: number > before + 1)
            })
    }
}
