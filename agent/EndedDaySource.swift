import Shipping
import Tally
import Wire

/// The reports of a day that ended, from its file, which never changes.
final class EndedDaySource: ReportSource {
    private let store: TallyStore
    private let ended: TallyStore.EndedDay
    private var day: DayTally

    /// Reads the file; nil, with a sentence for people, where it is damaged.
    static func open(
        _ ended: TallyStore.EndedDay, in store: TallyStore
    ) throws -> (source: EndedDaySource?, notice: String?) {
        let (loaded, notice) = try store.load(ended)
        guard var day = loaded else { return (nil, notice) }
        try store.beginTelling(ended, &day)
        return (EndedDaySource(store: store, ended: ended, day: day), notice)
    }

    init(store: TallyStore, ended: TallyStore.EndedDay, day: DayTally) {
        self.store = store
        self.ended = ended
        self.day = day
    }

    func next(limit: Int) throws -> Day? {
        day.retractSnapshot()
        if let report = day.snapshot(limit: limit) { return report }
        try store.confirm(ended)
        return nil
    }

    func confirm() {
        day.confirmSnapshot()
    }
}
