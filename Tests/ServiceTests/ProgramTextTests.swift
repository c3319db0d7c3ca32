import Testing

@testable import Service

@Suite struct `The program's text in memory` {
    /// As Linux writes it for a program with a changed file of its own beside it.
    static let maps = """
        55d0c0000000-55d0c0100000 r--p 00000000 fe:00 1234                       /usr/bin/rollcall-agent
        55d0c0100000-55d0c0200000 r-xp 00100000 fe:00 1234                       /usr/bin/rollcall-agent
        55d0c0200000-55d0c0280000 rw-p 00200000 fe:00 1234                       /usr/bin/rollcall-agent
        7f0000000000-7f0000010000 r-xp 00000000 fe:00 99                         /usr/lib/libc.so.6
        7f0000020000-7f0000030000 rw-p 00000000 00:00 0
        7f0000040000-7f0000050000 r-xp 00000000 fe:00 5                          /usr/bin/rollcall-agent (deleted)

        """

    @Test func `only what nobody can have changed is let go`() {
        let ranges = ProgramText.ranges(of: "/usr/bin/rollcall-agent", in: Self.maps)
        #expect(ranges == [0x55d0_c010_0000..<0x55d0_c020_0000])
    }

    @Test func `the program goes on afterwards`() {
        let before = ProcessFigures.now().residentBytes
        ProgramText.letGo()
        #expect(ProcessFigures.now().residentBytes < before)
    }
}
