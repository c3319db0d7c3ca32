import Mustache

extension Table: MustacheParent {
    /// What a template may place of a table: its HTML and its caption.
    package func child(named name: String) -> Any? {
        switch name {
        case "html": html
        case "caption": caption
        default: nil
        }
    }
}

extension Cell: MustacheParent {
    /// What a template may place of a cell: its HTML.
    package func child(named name: String) -> Any? {
        name == "html" ? html : nil
    }
}
