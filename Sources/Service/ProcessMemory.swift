private import CLinux
private import Foundation
private import Glibc

/// What this process keeps in memory without using it, and how it gives that back.
///
///     let memory = ProcessMemory()  // once, when the program begins
///     …
///     memory.giveBack()             // after work that is not done all the time
///
/// A counting agent uses little of its program, but each report walks through most of it, and leaves holes in the heaps.
package struct ProcessMemory: Sendable {
    /// Where code and constants of the program and its libraries lie.
    private let text: [Range<UInt>]

    /// Remembers where the program lies.
    ///
    /// What is mapped before the program begins stays mapped until it ends, so that no other thing can ever lie there.
    package init() {
        let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
        text = Self.unchangeable(in: maps)
    }

    /// Keeps the heaps few and small from now on.
    ///
    /// glibc makes eight a core, each of which keeps what it needed once; and a system that gives out memory in huge
    /// pages, as Debian does, gives 2 MiB for the first byte of a table that is hardly used.
    package static func keepHeapsSmall() {
        linux_keep_heaps_small(2, 128 << 10)
        _ = linux_prctl(PR_SET_THP_DISABLE, 1)
    }

    /// Gives back what is free in the heaps, and lets go of what has been read of the program's files: the system maps a
    /// page of them again when it is used.
    package func giveBack() {
        linux_trim_heaps()
        for range in text {
            // Nobody wrote to these pages, so what is read in their place later is the same.
            _ = unsafe madvise(
                UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, Int32(MADV_DONTNEED))
        }
    }

    /// The mappings of files that nobody can have changed: code, and the constants right before it.
    ///
    /// Constants behind the code were written to while the program was linked.
    static func unchangeable(in maps: String) -> [Range<UInt>] {
        let mappings = maps.split(separator: "\n").map { Mapping($0) }
        return mappings.indices.compactMap { index in
            guard let mapping = mappings[index], mapping.path.hasPrefix("/") else { return nil }
            if mapping.access == "r-xp" { return mapping.range }
            guard mapping.access == "r--p", index + 1 < mappings.count, let next = mappings[index + 1],
                next.access == "r-xp", next.path == mapping.path, next.range.lowerBound == mapping.range.upperBound
            else { return nil }
            return mapping.range
        }
    }

    /// A line of proc_pid_maps(5): `from-to r-xp offset device inode path`.
    private struct Mapping {
        let range: Range<UInt>
        let access: Substring
        let path: Substring

        init?(_ line: Substring) {
            let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
            guard fields.count == 6 else { return nil }
            let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard ends.count == 2, ends[0] < ends[1] else { return nil }
            range = ends[0]..<ends[1]
            access = fields[1]
            path = fields[5].drop { $0 == " " }
        }
    }
}
