/// What went wrong, and what to do about it.
struct ProblemPage: Equatable {
    var title: String
    var detail: String
    /// Such as `404`.
    var code: String

    init(status: Int, title: String, detail: String) {
        self.title = title
        self.detail = detail
        code = String(status)
    }
}
