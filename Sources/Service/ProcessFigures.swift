private import Foundation
private import Glibc

/// What this process uses of its machine.
package struct ProcessFigures: Sendable, Equatable {
    /// Memory that is in use now.
    package var residentBytes: Int
    /// CPU time since the start, in user and system mode.
    package var cpuMilliseconds: Int

    /// The figures as of now; zero where the system does not tell.
    package static func now() -> ProcessFigures {
        var usage = rusage()
        // One structure, which is only written.
        _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let times = [usage.ru_utime, usage.ru_stime]
        let milliseconds = times.reduce(0) { $0 + Int($1.tv_sec) * 1000 + Int($1.tv_usec) / 1000 }
        // The second number of /proc/self/statm is resident pages (proc(5)).
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
            .split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return ProcessFigures(residentBytes: (pages ?? 0) * Int(getpagesize()), cpuMilliseconds: milliseconds)
    }

}
