import Mustache
public import Usage

/// The pages of the collector, as HTML.
///
/// A page is a value first, which has exactly what the reader sees; the templates place it, and escape everything.
///
/// ```swift
/// let pages = try Pages()
/// let html = pages.report(report, schools: ["Example High", "Sample Elementary"])
/// ```
public struct Pages: Sendable {
    /// What is served at `/static/style.css`.
    public static let styleSheet = text(PackageResources.style_css)

    private let library: MustacheLibrary
    private let reportTemplate: MustacheTemplate
    private let toolTemplate: MustacheTemplate
    private let schoolsTemplate: MustacheTemplate
    private let problemTemplate: MustacheTemplate

    /// Compiles the templates; throws only where one of them is broken.
    public init() throws {
        MustacheContentTypes.register(SafeHTML(), named: SafeHTML.name)
        var library = MustacheLibrary()
        for (name, bytes) in Self.partials {
            try library.register(Self.text(bytes), named: name)
        }
        self.library = library
        reportTemplate = try MustacheTemplate(string: Self.text(PackageResources.report_mustache))
        toolTemplate = try MustacheTemplate(string: Self.text(PackageResources.tool_mustache))
        schoolsTemplate = try MustacheTemplate(string: Self.text(PackageResources.schools_mustache))
        problemTemplate = try MustacheTemplate(string: Self.text(PackageResources.problem_mustache))
    }

    /// The report page; `schools` are all that may be chosen.
    public func report(_ report: UseReport, schools: [String]) -> String {
        reportTemplate.render(ReportPage(report, schools: schools), library: library)
    }

    /// The page of one tool.
    public func tool(_ detail: ToolDetail) -> String {
        toolTemplate.render(ToolPage(detail), library: library)
    }

    /// The page of all schools.
    public func schools(_ schools: [SchoolSummary]) -> String {
        schoolsTemplate.render(SchoolsPage(schools), library: library)
    }

    /// The page that says what went wrong.
    public func problem(status: Int, title: String, detail: String) -> String {
        problemTemplate.render(ProblemPage(status: status, title: title, detail: detail), library: library)
    }

    private static let partials = [
        ("page", PackageResources.page_mustache), ("icons", PackageResources.icons_mustache),
        ("tools-table", PackageResources.tools_table_mustache), ("names-table", PackageResources.names_table_mustache),
        ("school-links", PackageResources.school_links_mustache), ("steps", PackageResources.steps_mustache),
    ]

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
