import Programme

/// What people changed of the alerts on a page, in place of what the district's file says.
///
/// What nobody changed follows the file, also when the file changes later.
package struct AlertChanges: Sendable, Equatable, Codable {
    /// The numbers that were changed.
    package var numbers: [RuleNumber: Int] = [:]
    /// The rules that were switched on or off.
    package var isOn: [Alert.Kind: Bool] = [:]
    /// The readers that were changed or added, by name.
    package var readers: [String: ReaderChange] = [:]

    /// Changes nothing.
    package init() {}

    /// What a page says of a reader.
    package struct ReaderChange: Sendable, Equatable, Codable {
        /// The mailbox of a reader that only the page knows; nil for a reader of the file, whose channel the file says.
        package var mail: String?
        /// Whether nothing is told to the reader.
        package var isOff = false
        /// What the reader hears of.
        package var kinds: Set<Alert.Kind>
        /// The schools that the reader hears of; empty for all.
        package var schools: [String]
        /// When a digest comes, as the settings write it.
        package var schedule: String
        /// Whether urgent alerts come at once.
        package var wantsUrgent: Bool
        /// When nothing is sent, as the settings write it; empty for never.
        package var quiet: String

        /// Says what a reader is told today.
        package init(_ reader: AlertReader) {
            kinds = reader.kinds
            schools = (reader.schools ?? []).sorted()
            schedule = reader.schedule.text
            wantsUrgent = reader.wantsUrgent
            quiet = reader.quiet?.text ?? ""
        }

        /// Applies itself to a reader.
        func apply(to reader: inout AlertReader) {
            reader.kinds = kinds
            reader.schools = schools.isEmpty ? nil : Set(schools)
            reader.schedule = Schedule(text: schedule) ?? reader.schedule
            reader.wantsUrgent = wantsUrgent
            reader.quiet = quiet.isEmpty ? nil : QuietHours(text: quiet) ?? reader.quiet
        }
    }
}

extension AlertSettings {
    /// The settings of the file, with what people changed on the page in its place.
    package func changed(by changes: AlertChanges) -> AlertSettings {
        var settings = self
        for (number, value) in changes.numbers where number.range.contains(value) { settings.rules[number] = value }
        for (kind, isOn) in changes.isOn {
            if isOn { settings.rules.off.remove(kind) } else { settings.rules.off.insert(kind) }
        }
        settings.readers = allReaders(changes).filter { changes.readers[$0.name]?.isOff != true }
        return settings
    }

    /// The readers of file and page, also those that are switched off.
    package func allReaders(_ changes: AlertChanges) -> [AlertReader] {
        let known = readers.map { reader in
            var reader = reader
            changes.readers[reader.name]?.apply(to: &reader)
            return reader
        }
        let names = Set(known.map(\.name))
        let added = changes.readers.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }
        // Without a mail server nobody can be written to.
        return known
            + added.compactMap { name, change in
                guard mail != nil, let address = change.mail.flatMap({ EmailAddress($0) }) else { return nil }
                var reader = AlertReader(name: name, channel: .mail(address))
                change.apply(to: &reader)
                return reader
            }
    }
}
