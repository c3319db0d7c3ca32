private import Foundation
private import Glibc

/// Why state could not be kept or found again.
package enum StateError: Error, Sendable, Equatable, CustomStringConvertible {
    case cannotWrite(path: String, reason: String)
    case cannotRead(path: String, reason: String)
    case damaged(path: String)
    case locked(path: String)

    package var description: String {
        switch self {
        case .cannotWrite(let path, let reason):
            "\(path): cannot be written (\(reason)); check the folder, its owner and the space left"
        case .cannotRead(let path, let reason):
            "\(path): cannot be read (\(reason)); check its owner"
        case .damaged(let path):
            "\(path): is damaged or of another version"
        case .locked(let path):
            "\(path): another rollcall-agent is using this state; stop it, or give this one a state folder of its own"
        }
    }
}

/// Files that are written whole or not at all: a temporary file in the same folder, fsync, rename, fsync of the folder.
package enum StateFile {
    /// Makes the folder, which nobody else may look into, if it is not there.
    package static func makeFolder(_ path: String) throws(StateError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .cannotWrite(path: path, reason: reason(errno))
        }
    }

    /// Writes a file that only its owner may read, unless `mode` says otherwise.
    package static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o600) throws(StateError) {
        try write(to: path, mode: mode) { put throws(StateError) in try put(bytes) }
    }

    /// Writes a file in pieces.
    static func write(
        to path: String, mode: UInt32 = 0o600,
        _ body: (@escaping ([UInt8]) throws(StateError) -> Void) throws(StateError) -> Void
    ) throws(StateError) {
        let temporary = path + ".new"
        unlinkQuietly(temporary)
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw .cannotWrite(path: path, reason: reason(errno)) }
        do throws(StateError) {
            defer { close(file) }
            try body { bytes throws(StateError) in try put(bytes, file, path) }
            guard fsync(file) == 0 else { throw StateError.cannotWrite(path: path, reason: reason(errno)) }
        } catch {
            unlinkQuietly(temporary)
            throw error
        }
        guard unsafe Glibc.rename(temporary, path) == 0 else { throw .cannotWrite(path: path, reason: reason(errno)) }
        try syncFolder(of: path)
    }

    /// The content of a file; nil when there is none.
    package static func read(_ path: String) throws(StateError) -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .cannotRead(path: path, reason: reason(errno))
        }
    }

    /// Renames a file within its folder.
    package static func rename(_ path: String, to other: String) throws(StateError) {
        guard unsafe Glibc.rename(path, other) == 0 else { throw .cannotWrite(path: other, reason: reason(errno)) }
        try syncFolder(of: path)
    }

    /// Removes a file, if it is there.
    package static func remove(_ path: String) throws(StateError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw .cannotWrite(path: path, reason: reason(errno))
        }
        try syncFolder(of: path)
    }

    private static func put(_ bytes: [UInt8], _ file: Int32, _ path: String) throws(StateError) {
        var written = 0
        // Ends, because each turn writes a byte at least, or throws.
        while written < bytes.count {
            // The pointer is valid during the call, and the count is that of the bytes behind it.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(file, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .cannotWrite(path: path, reason: reason(errno)) }
            written += count
        }
    }

    private static func syncFolder(of path: String) throws(StateError) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let file = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw .cannotWrite(path: folder, reason: reason(errno)) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw .cannotWrite(path: folder, reason: reason(errno)) }
    }

    private static func unlinkQuietly(_ path: String) {
        _ = unsafe unlink(path)
    }

    static func reason(_ code: Int32) -> String {
        // strerror's text is the C library's own and lives until the next call of this thread.
        unsafe String(cString: strerror(code))
    }
}

/// Keeps a second agent away from a state folder, for as long as this value lives; the kernel lets go when the process
/// ends, however it ends.
package struct StateLock: ~Copyable {
    private let file: Int32

    /// Takes the lock, or throws when somebody has it.
    package init(folder: String) throws(StateError) {
        let path = folder + "/lock"
        file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .cannotWrite(path: path, reason: StateFile.reason(errno)) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw .locked(path: folder)
        }
    }

    deinit { close(file) }

    /// Whether an agent has the lock; who may not read the folder is told that none has.
    package static func isHeld(folder: String) -> Bool {
        let file = unsafe open(folder + "/lock", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return flock(file, LOCK_SH | LOCK_NB) != 0
    }
}
