/// Where a message goes; messages to one destination keep their order.
package enum Destination: Sendable, Hashable {
    /// A mailbox.
    case mail(EmailAddress)
    /// The web address of a reader in the settings, which may change while a message waits.
    case webhook(reader: String)

    /// The destination as it is stored.
    package var text: String {
        switch self {
        case .mail(let address): "mail:\(address.text)"
        case .webhook(let reader): "webhook:\(reader)"
        }
    }

    /// Reads what ``text`` wrote.
    package init?(text: String) {
        if text.hasPrefix("mail:"), let address = EmailAddress(String(text.dropFirst(5))) {
            self = .mail(address)
        } else if text.hasPrefix("webhook:") {
            self = .webhook(reader: String(text.dropFirst(8)))
        } else {
            return nil
        }
    }
}

/// A message that waits to be delivered.
package struct OutboxEntry: Sendable, Equatable {
    /// Its key in the store, which grows: the order of messages.
    package var identifier: Int64
    /// What the message is known by to its receiver, the same each time that it is sent: 32 hexadecimal digits.
    package var key: String
    /// Where it goes.
    package var destination: Destination
    /// What it says.
    package var message: Message
    /// When it was written, in seconds since 1970.
    package var writtenAt: Int
    /// Since when it is tried: when it was written, or sent again after it was given up.
    package var triedSince: Int
    /// How often it was tried since then.
    package var attempts: Int

    /// Makes an entry.
    package init(
        identifier: Int64, key: String, destination: Destination, message: Message, writtenAt: Int, triedSince: Int,
        attempts: Int
    ) {
        self.identifier = identifier
        self.key = key
        self.destination = destination
        self.message = message
        self.writtenAt = writtenAt
        self.triedSince = triedSince
        self.attempts = attempts
    }
}

/// How an attempt to deliver ended.
package enum DeliveryOutcome: Sendable, Equatable {
    /// The receiver has taken it.
    case delivered
    /// Not now; it may work later.
    case postponed(reason: String)
    /// The receiver will never take it.
    case refused(reason: String)
}

/// What becomes of a message after an attempt.
package enum DeliveryStep: Sendable, Equatable {
    /// It is done.
    case delivered
    /// It is tried again at that time, in seconds since 1970; what comes after it waits.
    case retry(at: Int, reason: String)
    /// It is given up and shown as a dead letter; what comes after it goes on.
    case dead(reason: String)

    /// What follows from an attempt.
    ///
    /// - Parameters:
    ///   - entry: The message, with the attempts before this one.
    ///   - outcome: How the attempt ended.
    ///   - now: Seconds since 1970.
    ///   - jitter: From 0 to 1; waits are lengthened by so much of a quarter, so that many do not come at once.
    ///   - patience: How long is waited and tried.
    /// - Returns: What becomes of the message.
    package static func after(
        _ entry: OutboxEntry, _ outcome: DeliveryOutcome, now: Int, jitter: Double,
        patience: DeliveryPatience = DeliveryPatience()
    ) -> DeliveryStep {
        switch outcome {
        case .delivered: return .delivered
        case .refused(let reason): return .dead(reason: reason)
        case .postponed(let reason):
            guard now - entry.triedSince < patience.days * 86_400 else {
                return .dead(
                    reason: "given up after \(entry.attempts + 1) attempts in \(patience.days) days: \(reason)")
            }
            let wait = min(patience.longestWait, patience.firstWait << min(entry.attempts, 10))
            return .retry(at: now + wait + Int(Double(wait) / 4 * jitter), reason: reason)
        }
    }
}

/// How long a message is tried, and how often.
package struct DeliveryPatience: Sendable, Equatable {
    /// The first wait between two attempts, in seconds; each is twice the one before.
    package var firstWait = 30
    /// The longest wait, in seconds.
    package var longestWait = 1800
    /// For how many days it is tried: five by default, as mail servers do (RFC 5321 section 4.5.4.1).
    package var days = 5

    /// Makes the default patience.
    package init() {}
}
