import Mustache

/// A sheet as its template places it.
struct SheetPage: Equatable, Sendable {
    /// The title of the window.
    var title: String
    /// The content, in which everything is escaped already.
    var content: String
    /// Where the style sheet is, for a page outside of the collector's frame; nil where there is none.
    var style: String?
    /// Where the feed of changes is, likewise.
    var feed: String?
    /// Where its script is, likewise.
    var script: String?
    /// Whether the page stands in a frame of another site, which its links lead out of.
    var isInFrame = false
    /// The style itself, for a page that is a file of its own.
    var inlineStyle: String?

    init(_ sheet: Sheet, formToken: String, library: MustacheLibrary) {
        title = sheet.title
        content = sheet.html(formToken: formToken, library: library)
    }
}
