package import Registry

/// What a school says that it uses.
package struct Declaration: Sendable, Equatable, Codable {
    /// The school, as it was written.
    package var school: String
    /// The tool, as it was written.
    package var tool: String
    /// What it is used for.
    package var purpose: String
    /// How many use it; nil where that was not said.
    package var users: Int?

    /// Makes a declaration.
    package init(school: String, tool: String, purpose: String = "", users: Int? = nil) {
        self.school = school
        self.tool = tool
        self.purpose = purpose
        self.users = users
    }
}

/// A survey of the schools, as a CSV file.
package enum SurveyFile {
    /// Reads `school,tool,purpose,users`, all or nothing.
    package static func read(_ bytes: [UInt8], file: String) throws(PlatformFileError) -> [Declaration] {
        var table = CSVTable(
            bytes, file: file, columns: ["school", "tool", "purpose", "users"], required: ["school", "tool"])
        var declarations: [Declaration] = []
        while let row = table.next() {
            let (school, tool) = (row.text("school"), row.text("tool"))
            if school.isEmpty { table.note(row.line, "school is empty; every row names one") }
            if tool.isEmpty { table.note(row.line, "tool is empty; every row names one") }
            declarations.append(
                Declaration(
                    school: school, tool: tool, purpose: row.text("purpose"), users: table.count("users", of: row)))
        }
        try table.finish()
        return declarations
    }
}

/// Requests for tools, as a CSV file.
package enum RequestFile {
    /// Reads `school,tool,purpose,subject,users,contact`, all or nothing.
    package static func read(_ bytes: [UInt8], file: String) throws(PlatformFileError) -> [ToolRequest.Question] {
        var table = CSVTable(
            bytes, file: file, columns: ["school", "tool", "purpose", "subject", "users", "contact"],
            required: ["school", "tool", "purpose"])
        var questions: [ToolRequest.Question] = []
        while let row = table.next() {
            for column in ["school", "tool", "purpose"] where row.text(column).isEmpty {
                table.note(row.line, "\(column) is empty; every row says it")
            }
            questions.append(
                ToolRequest.Question(
                    school: row.text("school"), tool: row.text("tool"), purpose: row.text("purpose"),
                    subject: row.text("subject"), users: table.count("users", of: row), contact: row.text("contact")))
        }
        try table.finish()
        return questions
    }
}

/// What a school says that it uses, beside what is seen there.
package struct SurveyComparison: Sendable, Equatable {
    /// The school.
    package var school: String
    /// Declared, and seen.
    package var both: [Line] = []
    /// Declared, and not seen.
    package var declaredOnly: [Line] = []
    /// Seen, and not declared.
    package var seenOnly: [Line] = []
    /// Declared, and nobody has said yet which platform that is.
    package var unclear: [Declaration] = []

    /// A platform.
    package struct Line: Sendable, Equatable {
        /// Its name.
        package var platform: String
        /// What the registry says.
        package var status: Status
        /// How many users were declared.
        package var users: Int?
        /// What for.
        package var purpose: String
        /// Devices on the busiest day lately.
        package var devices: Int
    }

    /// Compares.
    ///
    /// - Parameters:
    ///   - school: The school.
    ///   - declarations: What it declared, each with the platform that it means, where that is settled.
    ///   - facts: What was seen.
    ///   - status: What the registry says of a platform.
    package init(
        school: String, declarations: [(Declaration, platform: String?)], facts: UseFacts,
        status: (String) -> Status
    ) {
        self.school = school
        var declared: Set<String> = []
        for (declaration, platform) in declarations {
            guard let platform else {
                unclear.append(declaration)
                continue
            }
            guard declared.insert(Platform.key(of: platform)).inserted else { continue }
            let devices = facts.tool(named: platform)?.uses[school]?.devices ?? 0
            let line = Line(
                platform: platform, status: status(platform), users: declaration.users, purpose: declaration.purpose,
                devices: devices)
            if devices > 0 { both.append(line) } else { declaredOnly.append(line) }
        }
        for tool in facts.tools {
            guard let platform = tool.platform, platform.kind == .tool, !declared.contains(platform.key),
                let use = tool.uses[school], use.devices > 0
            else { continue }
            seenOnly.append(
                Line(platform: platform.name, status: platform.status, users: nil, purpose: "", devices: use.devices))
        }
        seenOnly.sort { ($1.devices, $0.platform) < ($0.devices, $1.platform) }
        both.sort { $0.platform < $1.platform }
        declaredOnly.sort { $0.platform < $1.platform }
    }
}
