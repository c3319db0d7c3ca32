import Foundation

/// One of the project's programs, as the tests' build made it.
struct Program {
    /// How a run ended and what it said.
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    static let agent = Program(built: "rollcall-agent")
    static let collector = Program(built: "rollcall-collector")

    /// The folder of the package.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    let path: URL

    /// A program of the system's.
    init(_ path: String) {
        self.path = URL(filePath: path)
    }

    /// The tests' bundle lies beside the programs.
    private init(built name: String) {
        path = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: name)
    }

    /// Runs the program to its end.
    ///
    /// What it says goes through files, so that no full pipe can stop it.
    func run(_ arguments: [String], input: Data = Data()) throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String, _ contents: Data = Data()) throws -> FileHandle {
            let url = folder.appending(path: name)
            try contents.write(to: url)
            return try FileHandle(forUpdating: url)
        }
        let process = Process()
        process.executableURL = path
        process.arguments = arguments
        process.standardInput = try file("input", input)
        process.standardOutput = try file("output")
        process.standardError = try file("errors")
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: try String(contentsOf: folder.appending(path: "output"), encoding: .utf8),
            errors: try String(contentsOf: folder.appending(path: "errors"), encoding: .utf8))
    }
}
