public import Wire

/// On what terms the district has a platform: what procurement knows of it.
public struct Terms: Sendable, Equatable, Codable {
    /// How the district comes by it; nil where nobody said.
    public var relationship: Relationship?
    /// The contract's number or name; empty for none.
    public var contract: String
    /// What one buys by, such as a cooperative's price list; empty where nobody said.
    public var priceVehicle: String
    /// How many licences there are; nil where they are not counted.
    public var licences: Int?
    /// For whom it was approved, such as `students` or `grades 9-12`; empty for everybody.
    public var audiences: [String]
    /// The last day of the approval; nil where it has no end.
    public var approvalExpires: SchoolDay?

    /// Makes terms.
    public init(
        relationship: Relationship? = nil, contract: String = "", priceVehicle: String = "", licences: Int? = nil,
        audiences: [String] = [], approvalExpires: SchoolDay? = nil
    ) {
        self.relationship = relationship
        self.contract = contract
        self.priceVehicle = priceVehicle
        self.licences = licences
        self.audiences = audiences
        self.approvalExpires = approvalExpires
    }

    /// How a district comes by a platform.
    public enum Relationship: String, Sendable, Codable, CaseIterable {
        /// Under a contract.
        case contract
        /// Bought when somebody needs it.
        case onDemand = "on_demand"
        /// Used without paying.
        case free
    }
}
