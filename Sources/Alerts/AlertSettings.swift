import Foundation
package import Programme
package import Settings

/// What the district's file says of alerts: who is told what, when and how.
package struct AlertSettings: Sendable, Equatable {
    /// The district's clock.
    package var clock: DistrictClock
    /// Where the collector's pages are, `https://rollcall.example`; empty where nobody said.
    package var root: String
    /// The mail server and the sender; nil where there is no mail.
    package var mail: Mail?
    /// When alerts fire.
    package var rules: AlertRules
    /// When cases open and close.
    package var cases: TransitionCase.Terms
    /// The readers, in the order of the file.
    package var readers: [AlertReader]
    /// The names of network segments in which students are.
    package var studentSegments: Set<String>
    /// Whether the leaders of a school are told what is flagged and in use there.
    package var tellsSchools: Bool
    /// Who reviews requests for tools of a subject, by its name in lower case; the empty name stands for all others.
    package var reviewers: [String: EmailAddress]
    /// How often what was seen is weighed.
    package var every: Duration
    /// Seconds between two urgent messages to a reader.
    package var urgentGap: Int
    /// How long a message is tried.
    package var patience: DeliveryPatience
    /// The certificates to trust at webhooks, in PEM, in place of the system's.
    package var webhookCertificates: String?

    /// The mail server and the sender.
    package struct Mail: Sendable, Equatable {
        /// The server.
        package var server: SMTPServer
        /// The sender.
        package var from: EmailAddress
        /// What the sender is called.
        package var fromName: String

        /// Makes one.
        package init(server: SMTPServer, from: EmailAddress, fromName: String = "Rollcall") {
            self.server = server
            self.from = from
            self.fromName = fromName
        }
    }

    /// Settings under which alerts are only shown on their page.
    package init() {
        clock = DistrictClock()
        root = ""
        rules = AlertRules()
        cases = TransitionCase.Terms()
        readers = []
        tellsSchools = true
        reviewers = [:]
        studentSegments = ["students"]
        every = .seconds(900)
        urgentGap = Dispatch.urgentGap
        patience = DeliveryPatience()
    }

    /// The reader of that name.
    package func reader(named name: String) -> AlertReader? { readers.first { $0.name == name } }
}

extension AlertSettings {
    /// Reads the district's file.
    package init(_ document: SettingsDocument) throws(SettingsError) {
        self.init()
        if let zone = try document.string("time_zone") {
            guard let clock = DistrictClock(zone: zone) else {
                throw document.error("time_zone", "\"\(zone)\" is no time zone; write it as \"America/New_York\"")
            }
            self.clock = clock
        }
        if let root = try document.string("root") {
            guard isWebLink(root), !root.hasSuffix("/") else {
                throw document.error("root", "\"\(root)\" is no address; write it as \"https://rollcall.example\"")
            }
            self.root = root
        }
        if let segments = try document.strings("student_segments") { studentSegments = Set(segments) }
        tellsSchools = try document.boolean("tell_schools") ?? tellsSchools
        webhookCertificates = try document.path("webhook_ca_file")
        every = try document.duration("every") ?? every
        urgentGap = try document.integer("urgent_gap", in: 0...86_400) ?? urgentGap
        if let table = try document.table("delivery") { patience = try DeliveryPatience(table) }
        mail = try document.table("mail").map { table throws(SettingsError) in try Mail(table) }
        if let table = try document.table("rules") { rules = try AlertRules(table) }
        if let table = try document.table("cases") { cases = try TransitionCase.Terms(table) }
        for table in try document.tables("reader") {
            let reader = try AlertReader(table)
            if self.reader(named: reader.name) != nil {
                throw table.error("name", "there are two readers \"\(reader.name)\"; give one of them another name")
            }
            if case .mail = reader.channel, mail == nil {
                throw table.error(
                    "mail", "\"\(reader.name)\" wants mail, but there is no mail server; add a table [mail]")
            }
            readers.append(reader)
        }
        for table in try document.tables("reviewer") {
            let subject = (try table.string("subject") ?? "").lowercased()
            guard let address = try table.address("mail") else {
                throw table.missing("mail", example: "\"maths@district.example\"")
            }
            if reviewers.updateValue(address, forKey: subject) != nil {
                throw table.error("subject", "there are two reviewers of \"\(subject)\"; leave one of them out")
            }
        }
        try document.finish()
    }
}

extension AlertSettings.Mail {
    fileprivate init(_ table: SettingsTable) throws(SettingsError) {
        let security = try table.choice("security", of: SMTPSecurity.self) ?? .startTLS
        let host = try table.requiredString("host")
        if security == .none, !["127.0.0.1", "::1", "localhost"].contains(host) {
            throw table.error(
                "security",
                "\"none\" would show the messages to everybody on the way to \(host); write \"starttls\" or \"tls\"")
        }
        let port = try table.integer("port", in: 1...65_535)
        var credentials: SMTPCredentials?
        if let user = try table.string("user") {
            guard let file = try table.path("password_file") else {
                throw table.missing("password_file", example: "\"mail-password\"")
            }
            credentials = SMTPCredentials(user: user, password: try secret(in: file, table, "password_file"))
        }
        guard let sender = try table.address("from") else {
            throw table.missing("from", example: "\"rollcall@district.example\"")
        }
        from = sender
        fromName = try table.string("from_name") ?? "Rollcall"
        server = SMTPServer(
            host: host, port: port ?? (security == .implicit ? 465 : 587), security: security,
            credentials: credentials, certificateFile: try table.path("ca_file"), helloName: String(from.domain))
    }
}

extension AlertRules {
    fileprivate init(_ table: SettingsTable) throws(SettingsError) {
        self.init()
        let kinds = Alert.Kind.allCases.map(\.rawValue)
        for name in try table.strings("off") ?? [] {
            guard let kind = Alert.Kind(rawValue: name) else {
                throw table.error("off", "there is no rule \"\(name)\"; the rules are \(kinds.joined(separator: ", "))")
            }
            off.insert(kind)
        }
        for number in RuleNumber.allCases {
            self[number] = try table.integer(number.rawValue, in: number.range) ?? self[number]
        }
    }
}

extension DeliveryPatience {
    fileprivate init(_ table: SettingsTable) throws(SettingsError) {
        self.init()
        firstWait = try table.integer("first_wait", in: 1...3600) ?? firstWait
        longestWait = try table.integer("longest_wait", in: 1...86_400) ?? longestWait
        days = try table.integer("days", in: 1...60) ?? days
    }
}

extension TransitionCase.Terms {
    fileprivate init(_ table: SettingsTable) throws(SettingsError) {
        self.init()
        devices = try table.integer("devices", in: 1...10_000) ?? devices
        quietDays = try table.integer("quiet_days", in: 1...100) ?? quietDays
        dueAfter = try table.integer("due_after", in: 1...730) ?? dueAfter
    }
}

extension AlertReader {
    fileprivate init(_ table: SettingsTable) throws(SettingsError) {
        let name = try table.requiredString("name")
        let address = try table.address("mail")
        let hook = try table.string("webhook")
        let shape = try table.choice("shape", of: WebhookTarget.Shape.self) ?? .rollcall
        let secretFile = try table.path("secret_file")
        let channel: Channel
        switch (address, hook) {
        case (let address?, nil): channel = .mail(address)
        case (nil, let hook?):
            guard isWebLink(hook) else {
                throw table.error("webhook", "\"\(hook)\" is no address; write it as \"https://chat.example/hook\"")
            }
            let key = try secretFile.map { file throws(SettingsError) in try secret(in: file, table, "secret_file") }
            channel = .webhook(WebhookTarget(address: hook, shape: shape, secret: key))
        case (nil, nil): throw table.missing("mail", example: "\"its@district.example\", or webhook = \"https://…\"")
        case (_?, _?): throw table.error("webhook", "\"\(name)\" has mail and webhook; make two readers of it")
        }
        self.init(name: name, channel: channel)
        if let names = try table.strings("kinds") {
            kinds = []
            for name in names {
                guard let kind = Alert.Kind(rawValue: name) else {
                    let all = Alert.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                    throw table.error("kinds", "there is no rule \"\(name)\"; the rules are \(all)")
                }
                kinds.insert(kind)
            }
        }
        schools = try table.strings("schools").map { Set($0) }
        wantsUrgent = try table.boolean("urgent") ?? true
        if let text = try table.string("schedule") {
            guard let schedule = Schedule(text: text) else {
                throw table.error(
                    "schedule",
                    "\"\(text)\" is no schedule; write \"daily 15:00\", \"weekly monday 07:00\" or \"monthly 1 07:00\"")
            }
            self.schedule = schedule
        }
        if let text = try table.string("quiet") {
            guard let quiet = QuietHours(text: text) else {
                throw table.error("quiet", "\"\(text)\" are no hours; write \"18:00-07:00\"")
            }
            self.quiet = quiet
        }
    }
}

extension Schedule {
    private static let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

    /// Reads `daily 15:00`, `weekly monday 07:00` or `monthly 1 07:00`.
    package init?(text: String) {
        let words = text.lowercased().split(separator: " ")
        guard let time = words.last, let minute = minuteOfDay(time) else { return nil }
        switch (words.first, words.count) {
        case ("daily", 2): self = .daily(minute: minute)
        case ("weekly", 3):
            guard let day = Self.weekdays.firstIndex(of: String(words[1])) else { return nil }
            self = .weekly(day: day, minute: minute)
        case ("monthly", 3):
            guard let day = Int(words[1]), (1...28).contains(day) else { return nil }
            self = .monthly(day: day, minute: minute)
        default: return nil
        }
    }
}

extension Schedule {
    /// The schedule as the settings have it: `daily 15:00`.
    package var text: String {
        switch self {
        case .daily(let minute): "daily \(timeOfDay(minute))"
        case .weekly(let day, let minute): "weekly \(Self.weekdays[day % 7]) \(timeOfDay(minute))"
        case .monthly(let day, let minute): "monthly \(day) \(timeOfDay(minute))"
        }
    }
}

extension QuietHours {
    /// The hours as the settings have them: `18:00-07:00`.
    package var text: String { "\(timeOfDay(from))-\(timeOfDay(until))" }

    /// Reads `18:00-07:00`.
    package init?(text: String) {
        let times = text.split(separator: "-", omittingEmptySubsequences: false).map { minuteOfDay($0) }
        guard times.count == 2, let from = times[0], let until = times[1], from != until else { return nil }
        self.init(from: from, until: until)
    }
}

extension SettingsTable {
    fileprivate func address(_ key: String) throws(SettingsError) -> EmailAddress? {
        guard let text = try string(key) else { return nil }
        guard let address = EmailAddress(text) else {
            throw error(key, "\"\(text)\" is no e-mail address; write it as \"its@district.example\"")
        }
        return address
    }

    fileprivate func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, of: Choice.Type
    ) throws(SettingsError) -> Choice? {
        guard let text = try string(key) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let all = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw error(key, "\"\(text)\" is not one of \(all)")
        }
        return choice
    }
}

/// The minutes since midnight of `07:00`.
private func minuteOfDay(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let hour = UInt8(parts[0]), let minute = UInt8(parts[1]), hour < 24, minute < 60 else {
        return nil
    }
    return Int(hour) * 60 + Int(minute)
}

/// The time of a minute since midnight: `07:00`.
private func timeOfDay(_ minute: Int) -> String {
    [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
}

/// The first line of a file that holds a password or secret.
private func secret(in file: String, _ table: SettingsTable, _ key: String) throws(SettingsError) -> String {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: file)) else {
        throw table.error(key, "\(file) cannot be read; make it, readable by the collector's user alone")
    }
    let line = String(decoding: data, as: UTF8.self).prefix { !$0.isNewline }
    guard !line.isEmpty else { throw table.error(key, "\(file) is empty; write the secret into its first line") }
    return String(line)
}
