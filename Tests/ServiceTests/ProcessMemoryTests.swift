import Testing

@testable import Service

@Suite struct `A process's memory` {
    @Test func `is less after some was given back, and the program goes on`() {
        let before = ProcessFigures.now().residentBytes
        ProcessMemory.giveBack()
        #expect(ProcessFigures.now().residentBytes < before)
    }
}
