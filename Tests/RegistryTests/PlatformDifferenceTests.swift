import Registry
import Testing

@Suite struct `The difference of an import` {
    private let registry = [
        Platform(name: "Board", status: .underReview, patterns: [.domain("board.example")], notes: "a\nb"),
        Platform(name: "Quiz", status: .approved), Platform(name: "Same"),
    ]

    @Test func `names what is new, each field that changes, and what is taken out`() {
        let platforms = [
            Platform(name: "BOARD", status: .approved, patterns: [.domain("board.example")]), Platform(name: "Same"),
            Platform(name: "New", status: .flagged),
        ]
        #expect(
            PlatformDifference(from: registry, to: platforms, isWhole: true).lines == [
                "+ New: flagged", "~ BOARD: platform: Board → BOARD", "~ BOARD: status: under_review → approved",
                "~ BOARD: notes: a␤b → (empty)", "- Quiz",
            ])
        #expect(PlatformDifference(from: registry, to: platforms, isWhole: false).removed.isEmpty)
        #expect(PlatformDifference(from: registry, to: registry, isWhole: true).lines.isEmpty)
    }
}
