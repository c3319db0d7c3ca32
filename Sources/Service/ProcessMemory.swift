private import CLinux
private import Glibc

/// What this process keeps in memory without using it, and how it gives that back.
///
/// A counting agent uses little of its program, but each report walks through most of it, and leaves holes in the heaps.
package enum ProcessMemory {
    /// Keeps the heaps few and small from now on.
    ///
    /// glibc makes eight a core, each of which keeps what it needed once; and a system that gives out memory in huge
    /// pages, as Debian does, gives 2 MiB for the first byte of a table that is hardly used.
    package static func keepHeapsSmall() {
        linux_keep_heaps_small(2, 128 << 10)
        _ = linux_prctl(PR_SET_THP_DISABLE, 1)
    }

    /// Gives back what is free in the heaps.
    package static func trimHeaps() {
        linux_trim_heaps()
    }

    /// Gives back what is free in the heaps, and lets go of what has been read of the program's files: the system maps a
    /// page of them again when it is used.
    package static func giveBack() {
        trimHeaps()
        linux_let_go_of_program()
    }
}
