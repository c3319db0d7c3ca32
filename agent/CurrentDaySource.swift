import Shipping
import Wire

/// The reports of the day that is being counted: each is taken from state that was saved just before.
final class CurrentDaySource: ReportSource {
    private let counter: CountingThread
    private let pause: Int
    private var run = ""

    /// Takes from a counter; a row that was told waits `pause` reports until it is told again; 0 for none.
    init(_ counter: CountingThread, pause: Int) {
        self.counter = counter
        self.pause = pause
    }

    func next(limit: Int) async throws -> Day? {
        let day = try await counter.snapshot(limit: limit, pause: pause)
        run = day?.run ?? ""
        return day
    }

    func confirm() async throws {
        counter.confirm(run: run)
    }
}
