/// A sheet as its template places it.
struct SheetPage: Equatable, Sendable {
    /// The title of the window.
    var title: String
    /// The content, in which everything is escaped already.
    var content: String
    /// Where the style sheet is, for a page outside of the collector's frame.
    var style = ""
    /// Where the feed of changes is, likewise.
    var feed = ""

    init(_ sheet: Sheet, formToken: String) {
        title = sheet.title
        content = sheet.html(formToken: formToken)
    }
}
