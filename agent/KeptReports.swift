import Foundation
import Synchronization
import Tally

/// Keeps each report body exactly as it is sent, one gzip file each, for those who want to see what leaves.
final class KeptReports: Sendable {
    private let folder: String
    private let last: Mutex<Int>

    init(folder: String) throws {
        self.folder = folder
        try StateFile.makeFolder(folder)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        last = Mutex(files.compactMap { Int($0.prefix(6)) }.max() ?? 0)
    }

    func keep(_ body: [UInt8]) throws {
        let number = last.withLock { last in
            last += 1
            return last
        }
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        let name = "\(padded)-\(DayTally.makeRun().prefix(8)).json.gz"
        try StateFile.write(body, to: folder + "/" + name)
    }
}
