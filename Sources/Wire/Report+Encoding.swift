private import Foundation

extension Report {
    /// The report as it is sent, before it is packed: JSON whose members are in the order of their names.
    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}
