import Hummingbird
import HummingbirdCore
import Identity
import Pages
import Store
import Wire

/// Who changed or took away what and when, for auditors and administrators.
struct AuditRoutes {
    let store: SQLiteStore
    let pages: Pages

    static let access: [RouteAccess] = [.get("/audit", .people(.audit)), .get("/audit.csv", .people(.audit))]

    /// Entries on a page, and in a file.
    private static let pageSize = 100
    private static let fileSize = 100_000

    func add(to router: some RouterMethods<CollectorContext>) {
        let auditors = router.group(context: AuditContext.self)
        auditors.get("audit") { request, context in
            var query = try AuditQuery(request, limit: Self.pageSize + 1)
            query.olderThan = request.fields.text("before").flatMap { Int64($0) }
            let found = try await store.auditEntries(query)
            let shown = found.prefix(Self.pageSize)
            let older = found.count > shown.count ? shown.last?.number : nil
            let page = AuditPage(
                shown.map(\.entry), filter: AuditPage.Filter(request), isFirst: query.olderThan == nil, older: older)
            return Response(html: pages.shown(to: context.reader.visitor).audit(page))
        }
        auditors.get("audit.csv") { request, _ in
            let entries = try await store.auditEntries(try AuditQuery(request, limit: Self.fileSize)).map(\.entry)
            return Response(text: auditCSV(entries), type: "text/csv; charset=utf-8").saved(as: "rollcall-audit.csv")
        }
    }
}

extension AuditQuery {
    /// What `?who=&what=&subject=&from=&to=` asks for; days are those of UTC.
    init(_ request: Request, limit: Int) throws(Problem) {
        let filter = AuditFields(request)
        self.init(
            who: filter.who, what: filter.what, subject: filter.subject,
            from: try Self.day(filter.from, "from").map { $0.ordinal * 86_400 },
            to: try Self.day(filter.to, "to").map { ($0.ordinal + 1) * 86_400 }, limit: limit)
    }

    private static func day(_ text: String?, _ key: String) throws(Problem) -> SchoolDay? {
        guard let text else { return nil }
        guard let day = SchoolDay(text) else {
            throw Problem(
                status: 400, title: "Not a day", detail: "\(key) is \"\(text)\"; write a day as 2026-11-24.")
        }
        return day
    }
}

extension AuditPage.Filter {
    /// What the address says.
    fileprivate init(_ request: Request) {
        let fields = AuditFields(request)
        self.init(who: fields.who, what: fields.what, subject: fields.subject, from: fields.from, to: fields.to)
    }
}

/// The fields of the audit log's form; nil where nothing is filled in.
private struct AuditFields {
    var who, what, subject, from, to: String?

    init(_ request: Request) {
        let fields = request.fields
        (who, what, subject) = (fields.text("who"), fields.text("what"), fields.text("subject"))
        (from, to) = (fields.text("from"), fields.text("to"))
    }
}
