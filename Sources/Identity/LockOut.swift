/// How long somebody has to wait who keeps giving wrong passwords.
///
/// A few mistakes cost nothing, then each doubles the wait. It is counted for an account from one address, for an address
/// over all accounts, and, with more patience, for an account over all addresses: so that guessing is slow from one
/// machine and from many, and that nobody can keep the owner out from elsewhere for longer than a quarter of an hour.
package struct LockOut: Sendable, Equatable {
    /// What wrong passwords are counted for.
    package enum Subject: Sendable, Hashable {
        /// An account, guessed at from one address.
        case accountFromAddress(account: String, address: String)
        /// An address, whatever the account.
        case address(String)
        /// An account, from wherever.
        case account(String)

        /// The subjects that a sign-in counts for.
        package static func all(account: String, address: String) -> [Subject] {
            [.accountFromAddress(account: account, address: address), .address(address), .account(account)]
        }

        /// The mistakes that cost nothing.
        package var patience: Int {
            switch self {
            case .accountFromAddress: 5
            case .address: 20
            case .account: 50
            }
        }

        /// The longest wait in seconds.
        package var longestWait: Int {
            switch self {
            case .accountFromAddress, .address: 3600
            case .account: 900
            }
        }

        /// What the collector keeps of it: what people type by mistake in place of their name may be their password.
        package var hash: SecretHash {
            switch self {
            case .accountFromAddress(let account, let address): SecretHash(of: "1 \(address) \(account)")
            case .address(let address): SecretHash(of: "2 \(address)")
            case .account(let account): SecretHash(of: "3 \(account)")
            }
        }
    }

    /// Wrong passwords since the last right one.
    package var failures: Int
    /// When the last one was, in seconds since 1970.
    package var lastAt: Int

    /// Counts mistakes.
    package init(failures: Int, lastAt: Int) {
        self.failures = failures
        self.lastAt = lastAt
    }

    /// How many seconds there are still to wait; 0 where it may be tried.
    package func wait(for subject: Subject, now: Int) -> Int {
        let over = failures - subject.patience
        guard over >= 0 else { return 0 }
        // 30 s, 1 min, 2 min, …; the exponent is bounded so that it cannot overflow.
        let wait = min(subject.longestWait, 30 << min(over, 10))
        return max(0, lastAt + wait - now)
    }

    /// After how many seconds without a mistake all are forgotten.
    package static let memory = 86_400
}
