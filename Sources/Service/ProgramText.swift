private import Foundation
private import Glibc

/// The program's own code and constants, as they lie in memory.
package enum ProgramText {
    /// Lets go of what has been read of the program's file; the system maps a page of it again when it is used.
    ///
    /// The start and each report walk through most of the program once; of the 25 MiB that then lie in memory, a counting
    /// agent uses some 7. Only mappings that cannot have been changed are let go.
    package static func letGo() {
        guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        else { return }
        for range in ranges(of: program, in: maps) {
            // Nobody wrote to these pages, so what is read in their place later is the same.
            _ = unsafe madvise(
                UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, Int32(MADV_DONTNEED))
        }
    }

    /// Where a file's code lies, by proc_pid_maps(5): `from-to r-xp offset device inode path`.
    static func ranges(of path: String, in maps: String) -> [Range<UInt>] {
        maps.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
            guard fields.count == 6, fields[1] == "r-xp", fields[5].drop(while: { $0 == " " }) == path else {
                return nil
            }
            let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard ends.count == 2, ends[0] < ends[1] else { return nil }
            return ends[0]..<ends[1]
        }
    }
}
