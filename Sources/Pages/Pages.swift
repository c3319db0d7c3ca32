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

    private var visitor: Visitor?
    private let library: MustacheLibrary
    private let frame: MustacheTemplate
    private let reportTemplate: MustacheTemplate
    private let toolTemplate: MustacheTemplate
    private let schoolsTemplate: MustacheTemplate
    private let problemTemplate: MustacheTemplate
    let peopleTemplates: PeopleTemplates

    /// Compiles the templates; throws only where one of them is broken.
    public init() throws {
        MustacheContentTypes.register(SafeHTML(), named: SafeHTML.name)
        var library = MustacheLibrary()
        for (name, bytes) in Self.partials + PeopleTemplates.partials {
            try library.register(Self.text(bytes), named: name)
        }
        self.library = library
        frame = try MustacheTemplate(string: "{{#page}}{{template}}{{/page}}")
        reportTemplate = try MustacheTemplate(string: Self.text(PackageResources.report_mustache))
        toolTemplate = try MustacheTemplate(string: Self.text(PackageResources.tool_mustache))
        schoolsTemplate = try MustacheTemplate(string: Self.text(PackageResources.schools_mustache))
        problemTemplate = try MustacheTemplate(string: Self.text(PackageResources.problem_mustache))
        peopleTemplates = try PeopleTemplates()
    }

    /// The same pages, as somebody who is signed in sees them.
    package func shown(to visitor: Visitor?) -> Pages {
        var pages = self
        pages.visitor = visitor
        return pages
    }

    /// The report page; `schools` are all that may be chosen.
    public func report(_ report: UseReport, schools: [String]) -> String {
        render(ReportPage(report, schools: schools), with: reportTemplate)
    }

    /// The page of one tool.
    public func tool(_ detail: ToolDetail) -> String {
        render(ToolPage(detail), with: toolTemplate)
    }

    /// The page of all schools.
    public func schools(_ schools: [SchoolSummary]) -> String {
        render(SchoolsPage(schools), with: schoolsTemplate)
    }

    /// The page that says what went wrong.
    public func problem(status: Int, title: String, detail: String) -> String {
        render(ProblemPage(status: status, title: title, detail: detail), with: problemTemplate)
    }

    /// Places a page's values; the header is the visitor's.
    func render(_ page: some Sendable, with template: MustacheTemplate) -> String {
        frame.render(FramedPage(visitor: visitor, page: page, template: template), library: library)
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
