import Alerts
import Identity
import Matching
import Pages
import Programme
import Registry
import Store
import Synchronization
import Wire

/// What the pages of the programme, of procurement and of the public list are made of.
final class ProgrammeReader: Sendable {
    let store: SQLiteStore
    let uses: UseReader
    let settings: ProgrammeSettings
    /// Seconds since 1970.
    let now: @Sendable () -> Int
    private let kept = Mutex(KeptFacts())

    private struct KeptFacts {
        var known: (facts: UseFacts, at: Int, revision: Int)?
        var isCounting = false
    }

    init(
        store: SQLiteStore, uses: UseReader, settings: ProgrammeSettings, now: @escaping @Sendable () -> Int
    ) {
        self.store = store
        self.uses = uses
        self.settings = settings
        self.now = now
    }

    /// The settings of alerts; the defaults while the file has a mistake, which the service logs.
    var alertSettings: AlertSettings { (try? settings.alerts()) ?? AlertSettings() }

    /// The settings of alerts, with what people changed on the page in their place.
    func currentAlerts() async throws -> AlertSettings {
        try settings.alerts().changed(by: try await store.alertChanges())
    }

    /// The settings by which people are told: the readers, and the leaders of schools who are none of them.
    func tellingAlerts() async throws -> AlertSettings {
        var settings = try await currentAlerts()
        guard settings.tellsSchools, settings.mail != nil else { return settings }
        let known = settings.readers.map(\.channel)
        settings.readers += try await store.schoolLeaders().map(\.reader).filter { !known.contains($0.channel) }
        return settings
    }

    /// What was seen lately.
    ///
    /// Counting takes most of a second for a large district, so that for some minutes those that are kept serve while
    /// others are counted. The keeper, which fires alerts by them, counts again when they are older than a minute.
    func facts() async throws -> UseFacts {
        let (moment, revision) = (now(), try await store.registryRevision())
        let (known, mustCount) = kept.withLock { kept -> (UseFacts?, Bool) in
            // Where nothing was seen yet, the first report shows at once; and nothing costs nothing to count.
            guard let known = kept.known, known.revision == revision, !known.facts.tools.isEmpty else {
                return (nil, true)
            }
            let age = moment - known.at
            if age < settings.factsLifetime { return (known.facts, false) }
            guard age < settings.factsLifetime * 10 else { return (nil, true) }
            defer { kept.isCounting = true }
            return (known.facts, !kept.isCounting)
        }
        guard let known else { return try await count(moment, revision) }
        if mustCount {
            Task {
                defer { kept.withLock { $0.isCounting = false } }
                _ = try? await count(moment, revision)
            }
        }
        return known
    }

    /// Likewise, never older than the lifetime of facts.
    func newFacts() async throws -> UseFacts {
        let (moment, revision) = (now(), try await store.registryRevision())
        if let known = kept.withLock({ $0.known }), known.revision == revision,
            moment - known.at < settings.factsLifetime
        {
            return known.facts
        }
        return try await count(moment, revision)
    }

    private func count(_ moment: Int, _ revision: Int) async throws -> UseFacts {
        let alerts = alertSettings
        let paid = Set(try await store.spends().map { Platform.key(of: $0.platform) })
        let facts = try await uses.facts(
            on: alerts.clock.day(at: moment), studentSegments: alerts.studentSegments,
            watching: { $0.status == .flagged || paid.contains($0.key) }, telling: alerts.rules.isNotable)
        kept.withLock { $0.known = (facts, moment, revision) }
        return facts
    }

    /// Every platform of registry and catalogue, with where it stands in the programme.
    func platforms() async throws -> (listed: [ListedPlatform], lives: [Certification]) {
        let lives = try await store.certifications()
        let byKey = Dictionary(lives.map { (Platform.key(of: $0.platform), $0) }) { first, _ in first }
        let clock = alertSettings.clock
        let platforms = try await uses.matcher().platforms
        return (platforms.map { ListedPlatform($0, byKey[$0.key], clock: clock) }, lives)
    }

    /// One platform: of the registry, of the catalogue, or one that the programme alone has met.
    func platform(named name: String) async throws -> (listed: ListedPlatform, life: Certification)? {
        let (platforms, lives) = try await platforms()
        let key = Platform.key(of: name)
        let life = lives.first { Platform.key(of: $0.platform) == key }
        if let listed = platforms.first(where: { $0.platform.key == key }) {
            return (listed, life ?? Certification(platform: listed.platform.name))
        }
        return life.map { (ListedPlatform(Platform(name: $0.platform), $0, clock: alertSettings.clock), $0) }
    }

    /// The public list.
    func publicList() async throws -> PublicList {
        let (platforms, lives) = try await platforms()
        return PublicList(
            platforms, changes: ListChange.all(in: lives), showsFlagged: settings.showsFlagged,
            district: settings.district)
    }

    /// The leverage of all platforms.
    func leverage() async throws -> Leverage {
        Leverage(
            facts: try await facts(), spends: try await store.spends(), platforms: try await uses.matcher().platforms)
    }

    /// Which platform people mean by what they write.
    func spelling() async throws -> ToolSpelling { ToolSpelling(try await uses.matcher().platforms) }

    /// Keeps a survey, with what each line most likely means.
    func keep(survey name: String, _ declarations: [Declaration], by who: Who) async throws {
        let spelling = try await spelling()
        try await store.keep(survey: name, declarations.map { ($0, spelling.meaning(of: $0.tool)) })
        try await record(who, "survey.import", name, after: "\(declarations.count) declarations")
    }

    /// The spend figures of a CSV file, each under the name that registry or catalogue has for its platform.
    func spends(in bytes: [UInt8], file: String) async throws -> [Spend] {
        try SpendFile.read(bytes, file: file, naming: try await spelling())
    }

    /// Takes over spend figures.
    func take(over spends: [Spend], by who: Who) async throws {
        let before = try await store.spends()
        try await store.keep(spends)
        for spend in spends {
            let old = before.first { $0.isSameThing(as: spend) }
            if old != spend {
                try await record(who, "spend.change", spend.subject, before: old?.words, after: spend.words)
            }
        }
        try await record(who, "spend.import", "spend figures", after: "\(spends.count) lines")
    }

    /// Takes one spend figure away.
    func remove(_ spend: Spend, by who: Who) async throws {
        try await store.remove(spend)
        try await record(who, "spend.remove", spend.subject, before: spend.words)
    }

    /// The names of no known tool in the last seven days that have a text in them, as a buyer writes a product: one for each
    /// group of domains, those that matter most first.
    func unknownUse(of question: String) async throws -> [UnknownName] {
        var host = question.lowercased()
        for prefix in ["https://", "http://"] where host.hasPrefix(prefix) { host.removeFirst(prefix.count) }
        let words = host.prefix { !"/?#:".contains($0) }.split(separator: " ")
        host = words.joined(separator: " ")
        // Three letters are in half of all names.
        guard host.count >= 4 else { return [] }
        let today = alertSettings.clock.day(at: now())
        let scope = UseScope(period: Period(today.advanced(by: -6), today))
        for text in Set([host, words.joined(separator: "-"), words.joined()]).sorted() {
            let page = try await uses.unknownDomains(
                in: scope, dismissed: false, page: ListPage(limit: 3, search: text))
            guard page.groups.isEmpty else {
                return page.groups.map { group in
                    // Of several domains the one that was asked for.
                    let asked = group.domains.first { $0.contains(text) } ?? group.domain
                    return UnknownName(name: asked, schools: group.schools, devices: group.figures.busiestDevices)
                }
            }
        }
        return []
    }

    /// Changes what a buyer writes down of a platform, checked as a line of a registry's file would be.
    func change(
        _ name: String, by who: Who, _ body: @escaping @Sendable (inout Platform) -> Void
    ) async throws {
        let known = try await uses.matcher().platforms
        guard let before = known.first(where: { $0.key == Platform.key(of: name) }) else {
            throw Problem(
                status: 404, title: "No such platform", detail: "Neither registry nor catalogue has \"\(name)\".")
        }
        var platform = before
        body(&platform)
        try await store.keep(platform, beside: known, by: who, at: now(), audit: who, refusedWith: 400)
    }

    /// Keeps what somebody did, for the audit log.
    func record(_ who: Who, _ what: String, _ subject: String, before: String? = nil, after: String? = nil) async throws
    {
        try await store.record(
            AuditEntry(at: now(), who: who, what: what, subject: subject, before: before, after: after))
    }

    /// Whom requests are told to.
    var circle: RequestCircle {
        let alerts = alertSettings
        return RequestCircle(reviewers: alerts.reviewers, root: alerts.root)
    }

    /// Takes requests, each with the platform that is certainly meant.
    func ask(_ questions: [ToolRequest.Question], by who: Who) async throws -> [Numbered<ToolRequest>] {
        let spelling = try await spelling()
        let clear = questions.map { question in
            var question = question
            switch spelling.meaning(of: question.tool) {
            case .certain(let name): question.platform = name
            case .likely(let names): question.likely = names
            case .unknown: break
            }
            return question
        }
        let asked = try await store.ask(clear, telling: circle, at: now())
        for request in asked {
            let question = request.value.question
            try await record(
                who, "request.ask", question.tool, after: "\(question.school): \(request.value.state.label)")
        }
        return asked
    }

    /// The public list as files for a web site, which need nothing of the collector.
    func publicFiles() async throws -> [(name: String, text: String)] {
        let list = try await publicList()
        let sheet = list.sheet(ListQuery(), clock: alertSettings.clock, in: .file)
        return [
            ("index.html", try Pages().open(sheet, style: "style.css", feed: "changes.atom", script: "search.js")),
            ("style.css", Pages.styleSheet), ("search.js", Pages.searchScript), ("approved.csv", list.portableCSV),
            ("approved.json", try list.approvedTable.json()), ("changes.atom", list.feed(link: "").xml),
        ]
    }
}

extension Spend {
    /// What it is about, for the audit log.
    fileprivate var subject: String { [platform, school, period].filter { !$0.isEmpty }.joined(separator: ", ") }

    /// What it says, for the audit log.
    fileprivate var words: String { "\(cents) cents" + (licences.map { ", \($0) licences" } ?? "") }

    fileprivate func isSameThing(as other: Spend) -> Bool {
        Platform.key(of: platform) == Platform.key(of: other.platform) && school == other.school
            && period == other.period
    }
}
