import Mustache

/// The pages of the collector, as HTML.
///
/// A page is a value first, which has exactly what the reader sees; the templates place it, and escape everything.
///
/// ```swift
/// let pages = try Pages()
/// let html = pages.shown(to: visitor).tools(ToolsPage(lines, query: query, over: basis, facets: facets))
/// ```
public struct Pages: Sendable {
    /// What is served at `/static/style.css`.
    public static let styleSheet = text(PackageResources.style_css)
    /// The search of the public list where it is a file, as `search.js`: a file can ask nobody.
    package static let searchScript = text(PackageResources.search_js)

    private var visitor: Visitor?
    private let library: MustacheLibrary
    private let frame: MustacheTemplate
    private let templates: [Template: MustacheTemplate]
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
        templates = try Dictionary(
            uniqueKeysWithValues: Template.allCases.map { ($0, try MustacheTemplate(string: Self.text($0.bytes))) })
        peopleTemplates = try PeopleTemplates()
    }

    /// The same pages, as somebody who is signed in sees them.
    package func shown(to visitor: Visitor?) -> Pages {
        var pages = self
        pages.visitor = visitor
        return pages
    }

    /// What asks for action today.
    package func overview(_ page: OverviewPage) -> String { render(page, with: .overview, at: "/") }

    /// The tools.
    package func tools(_ page: ToolsPage) -> String { render(page, with: .tools, at: "/tools") }

    /// One tool.
    package func tool(_ page: ToolPage) -> String { render(page, with: .tool, at: "/tools") }

    /// The schools.
    package func schools(_ page: SchoolsPage) -> String { render(page, with: .schools, at: "/schools") }

    /// One school.
    package func school(_ page: SchoolPage) -> String {
        render(page, with: .school, at: visitor?.mayReadDistrict == false ? "/school" : "/schools")
    }

    /// The review queue.
    package func unknown(_ page: UnknownPage) -> String { render(page, with: .unknown, at: "/unknown") }

    /// The gateways.
    package func gateways(_ page: GatewaysPage) -> String { render(page, with: .gateways, at: "/gateways") }

    /// What went wrong.
    public func problem(status: Int, title: String, detail: String) -> String {
        render(ProblemPage(status: status, title: title, detail: detail), with: .problem)
    }

    /// A page of the programme or of procurement; the entry of the navigation that is `at` this path is marked.
    package func sheet(_ sheet: Sheet, at path: String) -> String {
        render(SheetPage(sheet, formToken: visitor?.formToken ?? "", library: library), with: .sheet, at: path)
    }

    /// The public list, without the frame of pages for people who are signed in.
    ///
    /// - Parameters:
    ///   - sheet: The list.
    ///   - style: Where the style sheet is.
    ///   - feed: Where the feed of changes is.
    ///   - script: Where the script is that searches; nil where the server does.
    ///   - isInFrame: Whether it stands in a frame of another site.
    /// - Returns: The page.
    package func open(
        _ sheet: Sheet, style: String, feed: String, script: String? = nil, isInFrame: Bool = false
    ) -> String {
        var page = SheetPage(sheet, formToken: "", library: library)
        (page.style, page.feed, page.script, page.isInFrame) = (style, feed, script, isInFrame)
        return render(page, with: .open)
    }

    /// A page that goes to others as one file, with its style inside.
    package func alone(_ sheet: Sheet) -> String {
        var page = SheetPage(sheet, formToken: "", library: library)
        page.inlineStyle = Self.styleSheet
        return render(page, with: .open)
    }

    private func render(_ page: some Equatable, with template: Template, at path: String? = nil) -> String {
        templates[template].map { render(page, with: $0, at: path) } ?? ""
    }

    /// Places a page's values; the header is the visitor's, and marks the entry of the navigation that is `at` this path.
    func render(_ page: some Equatable, with template: MustacheTemplate, at path: String? = nil) -> String {
        let framed = FramedPage(
            visitor: visitor, navigation: Navigation.bar(for: visitor, at: path), isAtAccount: path == "/account",
            page: page, template: template)
        return frame.render(framed, library: library)
    }

    /// The templates of whole pages.
    private enum Template: CaseIterable {
        case overview, tools, tool, schools, school, unknown, gateways, problem, sheet, open

        var bytes: [UInt8] {
            switch self {
            case .overview: PackageResources.overview_mustache
            case .tools: PackageResources.tools_mustache
            case .tool: PackageResources.tool_mustache
            case .schools: PackageResources.schools_mustache
            case .school: PackageResources.school_mustache
            case .unknown: PackageResources.unknown_mustache
            case .gateways: PackageResources.gateways_mustache
            case .problem: PackageResources.problem_mustache
            case .sheet: PackageResources.sheet_mustache
            case .open: PackageResources.public_mustache
            }
        }
    }

    /// The templates of what several pages have.
    private static let partials = [
        ("page", PackageResources.page_mustache), ("icons", PackageResources.icons_mustache),
        ("select", PackageResources.select_mustache), ("days", PackageResources.days_mustache),
        ("scope-form", PackageResources.scope_form_mustache), ("tabs", PackageResources.tabs_mustache),
        ("paging", PackageResources.paging_mustache), ("none", PackageResources.none_mustache),
        ("list", PackageResources.list_mustache),
        ("steps", PackageResources.steps_mustache), ("figures", PackageResources.figures_mustache),
        ("coverage", PackageResources.coverage_mustache), ("coverage-line", PackageResources.coverage_line_mustache),
        ("legend", PackageResources.legend_mustache),
    ]

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
