import Registry
import Wire

extension Platform {
    /// What the registry or the catalogue says of the platform, line by line; what nobody said is left out.
    var facts: [ToolPage.Field] {
        var facts: [ToolPage.Field] = []
        func add(_ label: String, _ value: String?, link: String? = nil) {
            if let value, !value.isEmpty { facts.append(ToolPage.Field(label: label, value: value, link: link)) }
        }
        add("Vendor", vendor)
        add("Category", category)
        add("Conditions", conditions)
        add("Approved for", terms.audiences.joined(separator: ", "))
        add("Approval ends", terms.approvalExpires.map { Days.written($0.description) })
        add("Relationship", terms.relationship?.label)
        add("Contract", terms.contract)
        add("Price vehicle", terms.priceVehicle)
        add("Licences", terms.licences.map { written($0) })
        add("Data about students", privacy.studentData.joined(separator: ", "))
        add("Age limit", privacy.ageLimit)
        if let agreement = privacy.agreement {
            add("Privacy agreement", agreement.words, link: safe(agreement.link))
        }
        for rating in privacy.ratings {
            add("Rating of others", "of \(Days.written(rating.day.description))", link: safe(rating.link))
        }
        add("Names that are its own", patterns.map(\.words).joined(separator: ", "))
        add("Notes", notes)
        return facts
    }

    /// The address where it leads to a page on the web, and runs nothing.
    private func safe(_ link: String) -> String? {
        link.hasPrefix("https://") || link.hasPrefix("http://") ? link : nil
    }
}

extension Terms.Relationship {
    /// The relationship in words.
    var label: String {
        switch self {
        case .contract: "Under contract"
        case .onDemand: "Bought on demand"
        case .free: "Used without paying"
        }
    }
}
