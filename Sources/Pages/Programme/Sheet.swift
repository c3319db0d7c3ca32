package import Registry

/// A page of the programme, of procurement or of the public list, as its reader gets it: a heading, and blocks in order.
///
/// A value without looks: the same tables become HTML, CSV and JSON.
package struct Sheet: Sendable, Equatable {
    /// The title of the window.
    package var title: String
    /// What stands above the headline.
    package var subject: String
    /// The headline.
    package var headline: String
    /// What stands below it; empty for nothing.
    package var summary: String
    /// Other forms of the page, such as CSV.
    package var links: [Link]
    /// The content.
    package var blocks: [Block]

    /// Makes a page.
    package init(
        title: String, subject: String = "Whole district", headline: String, summary: String = "", links: [Link] = [],
        blocks: [Block] = []
    ) {
        self.title = title
        self.subject = subject
        self.headline = headline
        self.summary = summary
        self.links = links
        self.blocks = blocks
    }

    /// A text that leads somewhere.
    package struct Link: Sendable, Equatable {
        /// The text.
        package var label: String
        /// Where it leads.
        package var link: String

        /// Makes a link.
        package init(_ label: String, _ link: String) {
            self.label = label
            self.link = link
        }
    }

    /// A part of the page.
    package enum Block: Sendable, Equatable {
        /// The heading of a section.
        case heading(String)
        /// A paragraph.
        case text(String)
        /// A paragraph that asks for attention.
        case notice(String)
        /// A verdict: a status in words, and what it means.
        case verdict(Status, String)
        /// Names with what is to be said of them.
        case facts([Fact])
        /// A table, without the columns in which there is nothing.
        case table(Table)
        /// A list of which this page shows a part.
        case list(SheetList)
        /// States to choose from, after what they are of.
        case tabs(String, [SheetTab])
        /// A chart, which is SVG already.
        case chart(String)
        /// A form.
        case form(SheetForm)
        /// What is folded away below a line that says what it is.
        case folded(String, [Block])
        /// A text whose lines stay as they are.
        case letter(String)
        /// Links, one beside the other.
        case links([Link])
    }

    /// A name and what is to be said of it.
    package struct Fact: Sendable, Equatable {
        /// The name.
        package var label: String
        /// What is to be said.
        package var value: Cell

        /// Makes a fact.
        package init(_ label: String, _ value: Cell) {
            self.label = label
            self.value = value
        }
    }

    /// The facts of which there is something to say.
    static func facts(_ pairs: [(String, Cell)]) -> Block {
        .facts(pairs.filter { !$0.1.isEmpty }.map { Fact($0.0, $0.1) })
    }
}

/// A form.
package struct SheetForm: Sendable, Equatable {
    /// Where it goes.
    package var action: String
    /// Whether it changes something: then it is posted, with the reader's token.
    package var isChange: Bool
    /// The fields.
    package var fields: [Field]
    /// What stands on its button.
    package var button: String
    /// What stands on the line below which it is folded away, in a table.
    package var summary: String
    /// Whether its answer comes in the frame that it stands in, where links lead out of it.
    package var staysInFrame: Bool

    /// Makes a form.
    package init(
        _ action: String, isChange: Bool = true, _ fields: [Field], button: String, summary: String? = nil,
        staysInFrame: Bool = false
    ) {
        self.action = action
        self.isChange = isChange
        self.fields = fields
        self.button = button
        self.summary = summary ?? button
        self.staysInFrame = staysInFrame
    }

    /// Whether there is nothing to fill in.
    var isButton: Bool { fields.allSatisfy { $0.kind == .hidden } }

    /// A field.
    package struct Field: Sendable, Equatable {
        /// What the form calls it.
        package var name: String
        /// What people read; empty for a hidden field.
        package var label: String
        /// What stands in it.
        package var value: String
        /// What kind it is.
        package var kind: Kind
        /// Whether it has to be filled in.
        package var isRequired: Bool
        /// What the label goes on to say to those who hear the page; others see it beside the field.
        var remark = ""
        /// Whether it begins a row of its own.
        var isWide = false

        /// Makes a field.
        package init(
            _ name: String, _ label: String, _ kind: Kind = .line, value: String = "", isRequired: Bool = false
        ) {
            self.name = name
            self.label = label
            self.kind = kind
            self.value = value
            self.isRequired = isRequired
        }

        /// A field that nobody sees.
        static func hidden(_ name: String, _ value: String) -> Field { Field(name, "", .hidden, value: value) }
    }

    /// The kinds of fields.
    package enum Kind: Sendable, Equatable {
        /// One line.
        case line
        /// Several lines.
        case area
        /// A search.
        case search
        /// A day.
        case day
        /// A number.
        case number
        /// One of these: value and label.
        case choice([Option])
        /// Any of these, and which are ticked already.
        case boxes([Option], chosen: Set<String> = [])
        /// A line, with what is often written there.
        case suggested([String])
        /// Nothing that people see.
        case hidden
    }

    /// Something to choose.
    package struct Option: Sendable, Equatable {
        /// What is sent.
        package var value: String
        /// What people read.
        package var label: String

        /// Makes an option.
        package init(_ value: String, _ label: String) {
            self.value = value
            self.label = label
        }
    }
}
