import Identity
import Registry
import Store
import Wire

extension SQLiteStore {
    /// Puts a platform into the registry that somebody filled in on a page, checked as a line of a registry's file would be.
    ///
    /// - Parameters:
    ///   - platform: What was filled in.
    ///   - catalogue: The platforms that are known besides the registry's.
    ///   - who: Who filled it in.
    ///   - now: Seconds since 1970.
    ///   - auditor: Under whom the audit log has what became different; nil where the caller keeps that.
    ///   - status: With which the registry's refusal is answered.
    /// - Throws: A ``Problem`` that says what is wrong with the platform, or that the database cannot be written.
    func keep(
        _ platform: Platform, beside catalogue: [Platform], by who: Who, at now: Int, audit auditor: Who? = nil,
        refusedWith status: Int
    ) async throws {
        let file = PlatformFile.write([platform])
        do {
            _ = try await importRegistry(replacing: false, by: who.name, at: now, audit: auditor) { registry in
                try PlatformFile.read(
                    Array(file.utf8), file: "form", known: KnownPlatforms(registry: registry, catalogue: catalogue))
            }
        } catch let error as PlatformFileError {
            throw Problem(
                status: status, title: "The registry does not take it",
                detail: error.mistakes.map(\.message).joined(separator: "; ") + ".")
        }
    }
}
