private import CLinux
private import Glibc

/// What this process may do beyond what any user may, and how it gives that up.
///
/// Capabilities belong to threads: what is given up before other threads begin is given up for all of them.
package enum Privileges {
    /// No memory of this process is written to disk when it crashes, and no other program of the same user may look
    /// into it: the day's sketches and their key are in it.
    package static func forbidCoreDumps() {
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        // One structure, which is only read.
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        _ = linux_prctl(PR_SET_DUMPABLE, 0)
    }

    /// Whether this process runs as root.
    package static var isRoot: Bool { geteuid() == 0 }

    /// Goes on as a user without privileges, but for opening packet sockets.
    ///
    /// - Throws: ``PrivilegeError`` when the system refuses.
    package static func become(_ user: User) throws(PrivilegeError) {
        try check(linux_prctl(PR_SET_KEEPCAPS, 1), "PR_SET_KEEPCAPS")
        emptyBoundingSet()
        try check(setgroups(0, nil), "setgroups")
        try check(setgid(user.group), "setgid")
        try check(setuid(user.number), "setuid")
        try check(linux_prctl(PR_SET_KEEPCAPS, 0), "PR_SET_KEEPCAPS")
    }

    /// Keeps only what opening packet sockets needs, as far as this process may do that, for this thread and those that
    /// it begins; none of it can be had back.
    package static func keepPacketSocketsOnly() throws(PrivilegeError) {
        emptyBoundingSet()
        try check(linux_set_capabilities(linux_capabilities() & packetSockets), "capset")
        try check(linux_prctl(PR_SET_NO_NEW_PRIVS, 1), "PR_SET_NO_NEW_PRIVS")
    }

    /// Gives up every capability, for this thread and those that it begins.
    package static func dropAll() throws(PrivilegeError) {
        try check(linux_set_capabilities(0), "capset")
        try check(linux_prctl(PR_SET_NO_NEW_PRIVS, 1), "PR_SET_NO_NEW_PRIVS")
    }

    /// What no program may get that this one starts; only root can, and only for root it matters.
    private static func emptyBoundingSet() {
        for capability in 0..<64 { _ = linux_prctl(PR_CAPBSET_DROP, UInt(capability)) }
    }

    private static func check(_ status: Int32, _ step: String) throws(PrivilegeError) {
        guard status == 0 else {
            // strerror's text is the C library's own and lives until the next call of this thread.
            throw PrivilegeError(step: step, reason: unsafe String(cString: strerror(errno)))
        }
    }

    private static let packetSockets = UInt64(1) << UInt64(CAP_NET_RAW)
}

/// A step of giving up privileges that the system refused.
package struct PrivilegeError: Error, Sendable, Equatable, CustomStringConvertible {
    package var step: String
    package var reason: String

    package var description: String {
        "privileges could not be given up (\(step): \(reason)); start the agent as root, or as its own user"
    }
}

/// A user of this machine.
package struct User: Sendable, Equatable {
    package var number: UInt32
    package var group: UInt32

    /// Looks a user up by name; nil when there is none.
    package init?(named name: String) {
        // The record is the C library's own and is read before anybody asks for another.
        guard let record = unsafe getpwnam(name) else { return nil }
        number = unsafe record.pointee.pw_uid
        group = unsafe record.pointee.pw_gid
    }

    /// Makes a file or folder the user's own.
    package func own(_ path: String) {
        _ = unsafe lchown(path, number, group)
    }
}
