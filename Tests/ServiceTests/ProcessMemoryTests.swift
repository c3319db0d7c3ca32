import Testing

@testable import Service

@Suite struct `A process's memory` {
    /// As Linux writes it for a program with files of its own beside it.
    static let maps = """
        55d0c0000000-55d0c0100000 r--p 00000000 fe:00 1234                       /usr/bin/rollcall-agent
        55d0c0100000-55d0c0200000 r-xp 00100000 fe:00 1234                       /usr/bin/rollcall-agent
        55d0c0200000-55d0c0240000 r--p 00200000 fe:00 1234                       /usr/bin/rollcall-agent
        55d0c0240000-55d0c0280000 rw-p 00240000 fe:00 1234                       /usr/bin/rollcall-agent
        7f0000000000-7f0000010000 r-xp 00000000 fe:00 99                         /usr/lib/libsmall.so.1
        7f0000010000-7f0000011000 r--p 00000000 fe:00 99                         /usr/lib/libsmall.so.1
        7f0000011000-7f0000012000 rw-p 00001000 fe:00 99                         /usr/lib/libsmall.so.1
        7f0000020000-7f0000030000 rw-p 00000000 00:00 0
        7f0000030000-7f0000040000 r-xp 00000000 00:00 0                          [vdso]
        7f0000040000-7f0000050000 rw-s 00000000 00:08 77                         socket:[77]

        """

    @Test func `that nobody can have changed is code, and the constants right before it`() {
        #expect(
            ProcessMemory.unchangeable(in: Self.maps) == [
                0x55d0_c000_0000..<0x55d0_c010_0000, 0x55d0_c010_0000..<0x55d0_c020_0000,
                0x7f00_0000_0000..<0x7f00_0001_0000,
            ])
    }

    @Test func `is less after some was given back, and the program goes on`() {
        let memory = ProcessMemory()
        let before = ProcessFigures.now().residentBytes
        memory.giveBack()
        #expect(ProcessFigures.now().residentBytes < before)
    }
}
