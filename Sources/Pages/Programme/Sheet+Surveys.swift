import Identity
package import Programme
import Registry
package import Store
import Wire

/// The page of surveys.
extension Sheet {
    /// The surveys, and one of them.
    package static func surveys(
        _ names: [String], shown: String, declarations: [DeclaredTool], comparison: SurveyComparison?,
        schools: [String], _ query: ListQuery, mayEdit: Bool
    ) -> Sheet {
        var blocks: [Block] = []
        if let comparison { blocks += self.blocks(comparison) }
        if !names.isEmpty {
            let form = Block.form(choice(names, shown, schools, comparison?.school ?? ""))
            // The sheet for a meeting with the principal has nothing of others in it.
            blocks.append(comparison == nil ? form : .folded("Another survey or school", [form]))
        }
        if comparison == nil { blocks += strangeSchools(declarations, shown, schools, mayEdit: mayEdit) }
        let unsure = declarations.filter { declared in
            !declared.isConfirmed && (comparison.map { declared.declaration.school == $0.school } ?? true)
        }
        if !unsure.isEmpty {
            blocks +=
                [
                    .heading("To confirm (\(written(unsure.count)))"),
                    .text("What these schools wrote is no exact name. Say which platform it is."),
                ] + list(unsureTable(unsure, shown, mayEdit: mayEdit), query, at: "/programme/surveys", "declaration")
        }
        if mayEdit {
            blocks += [
                .folded(
                    "Take over a survey",
                    [
                        .text(
                            "Paste lines of CSV with the columns school, tool, purpose and users. A survey of the same "
                                + "name is replaced."),
                        .form(
                            SheetForm(
                                "/programme/surveys",
                                [
                                    .init("survey", "Name of the survey", isRequired: true),
                                    .init("csv", "The survey as CSV", .area, isRequired: true),
                                ],
                                button: "Take over")),
                    ])
            ]
        }
        return Sheet(
            title: "Surveys", subject: comparison?.school ?? "Whole district", headline: "What schools say they use",
            summary: "Declared and seen, declared and not seen, seen and not declared.", blocks: blocks)
    }

    private static func choice(
        _ names: [String], _ shown: String, _ schools: [String], _ school: String
    ) -> SheetForm {
        SheetForm(
            "/programme/surveys", isChange: false,
            [
                .init("survey", "Survey", .choice(names.map { SheetForm.Option($0, $0) }), value: shown),
                .init(
                    "school", "School",
                    .choice([SheetForm.Option("", "Choose")] + schools.map { SheetForm.Option($0, $0) }),
                    value: school),
            ], button: "Compare")
    }

    /// What a survey has for schools that never reported, which no comparison would show.
    private static func strangeSchools(
        _ declarations: [DeclaredTool], _ survey: String, _ schools: [String], mayEdit: Bool
    ) -> [Block] {
        let known = Set(schools.map { SchoolName.key(of: $0) })
        let strange = Dictionary(grouping: declarations.map(\.declaration.school)) { $0 }
            .filter { !known.contains(SchoolName.key(of: $0.key)) }
        if strange.isEmpty { return [] }
        let table = Table(
            caption: "Schools that never reported",
            columns: [.init("school", "As written"), .init("declarations", "Declarations", isNumber: true)],
            rows: strange.sorted { $0.key < $1.key }.map { written, declared in
                Table.Row(
                    [.text(written), .number(declared.count)],
                    forms: mayEdit ? school(written, survey, schools) : [])
            })
        return [
            .heading("Schools that are not known (\(written(strange.count)))"),
            .text(
                "No gateway has ever reported for a school of this name, so there is nothing to compare. Say which school it "
                    + "is, where the name is misspelt."), .table(table),
        ]
    }

    private static func school(_ written: String, _ survey: String, _ schools: [String]) -> [SheetForm] {
        let action = "/programme/surveys/school"
        let hidden = [SheetForm.Field.hidden("written", written), .hidden("survey", survey)]
        let options = [SheetForm.Option("", "Choose")] + schools.map { SheetForm.Option($0, $0) }
        func choice(_ summary: String) -> SheetForm {
            SheetForm(
                action, hidden + [.init("school", "School", .choice(options), isRequired: true)], button: "Confirm",
                summary: summary)
        }
        let keys = Dictionary(schools.map { (SchoolName.key(of: $0), $0) }) { first, _ in first }
        let near = Suggestion.nearest(to: SchoolName.key(of: written), among: keys.keys.sorted()).flatMap { keys[$0] }
        guard let near else { return [choice("Which school it is")] }
        return [
            SheetForm(action, hidden + [.hidden("school", near)], button: "It is \(near)"), choice("Another school"),
        ]
    }

    private static func unsureTable(_ unsure: [DeclaredTool], _ survey: String, mayEdit: Bool) -> Table {
        Table(
            caption: "Declarations to confirm",
            columns: [
                .init("tool", "As written"), .init("school", "School"), .init("purpose", "What for"),
                .init("platform", "Most likely"),
            ],
            rows: unsure.map { declared in
                Table.Row(
                    [
                        .text(declared.declaration.tool), .text(declared.declaration.school),
                        .text(declared.declaration.purpose), .text(declared.platform ?? ""),
                    ], forms: mayEdit ? confirm(declared, survey) : [])
            })
    }

    private static func confirm(_ declared: DeclaredTool, _ survey: String) -> [SheetForm] {
        let hidden = [SheetForm.Field.hidden("number", "\(declared.number)"), .hidden("survey", survey)]
        let action = "/programme/surveys/confirm"
        let other = SheetForm(
            action, hidden + [.init("platform", "Platform, or nothing for none")], button: "Confirm",
            summary: "Something else")
        guard let likely = declared.platform else { return [other] }
        return [SheetForm(action, hidden + [.hidden("platform", likely)], button: "That is it"), other]
    }

    private static func blocks(_ comparison: SurveyComparison) -> [Block] {
        func table(_ caption: String, _ lines: [SurveyComparison.Line]) -> Block {
            .table(
                Table(
                    caption: caption,
                    columns: [
                        .init("platform", "Platform"), .init("status", "Status"),
                        .init("users", "Users declared", isNumber: true),
                        .init("devices", "Devices lately", isNumber: true), .init("purpose", "What for"),
                    ],
                    rows: lines.map {
                        Table.Row([
                            .text($0.platform), .status($0.status), .number($0.users), .devices($0.devices),
                            .text($0.purpose),
                        ])
                    },
                    none: "None."))
        }
        return [
            .heading("Declared and seen"), table("Declared and seen", comparison.both),
            .heading("Declared and not seen"), table("Declared and not seen", comparison.declaredOnly),
            .heading("Seen and not declared"), table("Seen and not declared", comparison.seenOnly),
        ]
    }
}
