public import Wire

/// What is known of how a platform treats the data of students.
public struct PrivacyFacts: Sendable, Equatable, Codable {
    /// The data about students that it takes, such as `name` or `date of birth`; empty where nobody said.
    public var studentData: [String]
    /// From which age on it may be used, such as `13` or `13 with consent`; empty where nobody said.
    public var ageLimit: String
    /// The data-privacy agreement; nil where there is none.
    public var agreement: Agreement?
    /// What others say of it.
    public var ratings: [Rating]

    /// Makes facts.
    public init(
        studentData: [String] = [], ageLimit: String = "", agreement: Agreement? = nil, ratings: [Rating] = []
    ) {
        self.studentData = studentData
        self.ageLimit = ageLimit
        self.agreement = agreement
        self.ratings = ratings
    }

    /// A signed data-privacy agreement.
    public struct Agreement: Sendable, Equatable, Codable {
        /// Where it can be read, an `https` or `http` address.
        public var link: String
        /// The day on which it was signed; nil where nobody said.
        public var signed: SchoolDay?
        /// Its last day; nil where it has no end.
        public var expires: SchoolDay?

        /// Makes an agreement.
        public init(link: String, signed: SchoolDay? = nil, expires: SchoolDay? = nil) {
            self.link = link
            self.signed = signed
            self.expires = expires
        }
    }

    /// A rating by somebody outside of the district.
    public struct Rating: Sendable, Equatable, Codable {
        /// Where it can be read, an `https` or `http` address.
        public var link: String
        /// The day on which it was given, or looked at.
        public var day: SchoolDay

        /// Makes a rating.
        public init(link: String, day: SchoolDay) {
            self.link = link
            self.day = day
        }
    }
}
