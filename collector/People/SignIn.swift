import Identity
import Store
import Wire

/// Lets people in who prove to be themselves.
struct SignIn: Sendable {
    let store: SQLiteStore
    let desk: PasswordDesk
    /// Seconds since 1970.
    let now: @Sendable () -> Int

    /// What came of trying.
    enum Outcome: Equatable {
        /// They are who they say.
        case welcome(PersonSecret)
        /// Name or password is wrong, or there is no such account: which of it is not said.
        case wrong
        /// Too many were wrong; seconds until it may be tried again.
        case wait(Int)

        static func == (left: Outcome, right: Outcome) -> Bool {
            switch (left, right) {
            case (.welcome(let left), .welcome(let right)): left.hash == right.hash
            case (.wrong, .wrong): true
            case (.wait(let left), .wait(let right)): left == right
            default: false
            }
        }
    }

    /// Signs in with name and password.
    func withPassword(name: String, typed: String, from address: String) async throws -> Outcome {
        let subjects = LockOut.Subject.all(account: Person.key(of: name), address: address)
        let wait = try await store.wait(of: subjects, at: now())
        // Who has to wait learns nothing by trying on, not even with the right password.
        guard wait == 0 else { return .wait(wait) }
        let known = try await store.credentials(of: name)
        let password = Password(typed: typed)
        guard try await desk.matches(password, known?.password), let known, known.isOn else {
            let wait = try await store.noteFailure(of: subjects, account: known?.person, from: address, at: now())
            return wait > 0 ? .wait(wait) : .wrong
        }
        if let password, known.password?.isStale == true {
            try await store.rehash(try await desk.hash(password), of: known.person.row)
        }
        // Not the address's own mistakes: an attacker with one account of their own would forget those on the others.
        return .welcome(
            try await welcome(known.person, from: address, way: "password", forgetting: [subjects[0], subjects[2]]))
    }

    /// Starts a session for somebody who has proved to be themselves.
    func welcome(
        _ person: Person, from address: String, way: String, forgetting subjects: [LockOut.Subject] = []
    ) async throws -> PersonSecret {
        var random = SystemRandomNumberGenerator()
        let session = PersonSecret(.session, using: &random)
        try await store.startSession(
            session, for: person, from: address, forgetting: subjects, way: way, at: now())
        return session
    }
}
