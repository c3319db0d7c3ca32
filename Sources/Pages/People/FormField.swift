/// A field of a form, with everything that stands around it.
package struct FormField: Sendable, Equatable {
    /// The field's name and its anchor.
    var name: String
    var label: String
    /// What belongs to know before it is filled in.
    var hint: String?
    /// What was wrong with it.
    var error: String?
    /// A line to type in.
    var input: Input?
    /// A list to choose from.
    var select: Select?
    /// Boxes to tick.
    var boxes: Boxes?

    /// The anchors of hint and error, for `aria-describedby`.
    var describedBy: String? {
        let anchors = [hint.map { _ in "\(name)-hint" }, error.map { _ in "\(name)-error" }].compactMap { $0 }
        return anchors.isEmpty ? nil : anchors.joined(separator: " ")
    }

    /// A line to type in.
    struct Input: Sendable, Equatable {
        var type: String
        var value: String
        var autocomplete: String
        var isRequired: Bool
        var anchor: String
        var describedBy: String?
        var isInvalid: Bool
    }

    /// A list to choose from.
    struct Select: Sendable, Equatable {
        var options: [Option]
        var anchor: String
        var describedBy: String?
        var isInvalid: Bool
    }

    /// Boxes to tick.
    struct Boxes: Sendable, Equatable {
        var options: [Option]
        var anchor: String
        var legend: String
        var name: String
        var hint: String?
        var error: String?
    }

    /// Something to choose.
    struct Option: Sendable, Equatable {
        var value: String
        var label: String
        var isChosen: Bool
        var anchor: String
    }

    /// A line to type in; `autocomplete` tells password managers what it is.
    package static func line(
        _ name: String, _ label: String, value: String = "", type: String = "text", autocomplete: String = "off",
        hint: String? = nil, error: String? = nil, isRequired: Bool = true
    ) -> FormField {
        var field = FormField(name: name, label: label, hint: hint, error: error)
        field.input = Input(
            type: type, value: value, autocomplete: autocomplete, isRequired: isRequired, anchor: name,
            describedBy: field.describedBy, isInvalid: error != nil)
        return field
    }

    /// A list to choose one of.
    package static func list(
        _ name: String, _ label: String, _ options: [(value: String, label: String)], chosen: String = "",
        hint: String? = nil, error: String? = nil
    ) -> FormField {
        var field = FormField(name: name, label: label, hint: hint, error: error)
        field.select = Select(
            options: options.map { Option(value: $0.value, label: $0.label, isChosen: $0.value == chosen, anchor: "") },
            anchor: name, describedBy: field.describedBy, isInvalid: error != nil)
        return field
    }

    /// Boxes of which any may be ticked.
    package static func boxes(
        _ name: String, _ legend: String, _ options: [(value: String, label: String)], ticked: Set<String> = [],
        hint: String? = nil, error: String? = nil
    ) -> FormField {
        var field = FormField(name: name, label: legend)
        field.boxes = Boxes(
            options: options.map { value, label in
                Option(value: value, label: label, isChosen: ticked.contains(value), anchor: "\(name)-\(value)")
            }, anchor: name, legend: legend, name: name, hint: hint, error: error)
        return field
    }
}

/// A form as a page shows it: what was wrong first, then the fields, then the button.
package struct Form: Sendable, Equatable {
    /// Where it is sent to.
    var action: String
    var fields: [FormField]
    var button: String
    /// Where a page returns to, and the like: sent along unseen.
    var hidden: [Hidden]
    /// What was wrong with the last try; nil where there was none.
    var problem: ProblemSummary?
    /// Whether it undoes something for good, so that its button looks like it.
    var isGrave: Bool

    /// A field that is sent along unseen.
    struct Hidden: Sendable, Equatable {
        var name: String
        var value: String
    }

    /// What was wrong, with a link to each field.
    struct ProblemSummary: Sendable, Equatable {
        var general: String?
        var items: [Item]

        /// A field with something wrong.
        struct Item: Sendable, Equatable {
            var link: String
            var text: String
        }

        /// Whether there is a list: one with nothing in it is read out too.
        var hasItems: Bool
    }

    /// Makes a form; `problem` is what was wrong that belongs to no single field.
    package init(
        action: String, button: String, fields: [FormField] = [], hidden: [(name: String, value: String)] = [],
        problem general: String? = nil, isGrave: Bool = false
    ) {
        self.action = action
        self.button = button
        self.fields = fields
        self.hidden = hidden.map { Hidden(name: $0.name, value: $0.value) }
        self.isGrave = isGrave
        let items = fields.compactMap { field in
            (field.error ?? field.boxes?.error).map { ProblemSummary.Item(link: "#\(field.name)", text: $0) }
        }
        if general != nil || !items.isEmpty {
            problem = ProblemSummary(general: general, items: items, hasItems: !items.isEmpty)
        }
    }
}
