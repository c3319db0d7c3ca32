import Foundation
import Testing

/// Captures that nobody of this project made, and what independent tools found in them, lie beside the checkout where
/// somebody put them there.
private let captures = Program.package.deletingLastPathComponent().appending(path: "shared/captures")

@Suite struct `Independent captures` {
    @Test(.enabled(if: FileManager.default.fileExists(atPath: captures.path)))
    func `every name that other tools found is found, as often, or the disagreement is explained`() throws {
        let explained = Program.package.appending(path: "Tests/EndToEndTests/captures.explained")
        let outcome = try Program("/usr/bin/env").run([
            "python3", captures.appending(path: "compare.py").path, "--strict", explained.path,
            "--agent", "'\(Program.agent.path.path)' read --format json",
        ])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("strict: 0 differences not explained"))
        #expect(!outcome.output.contains("explains nothing any more"), "\(outcome.output)")
    }
}
