import Hummingbird
import Identity
import Wire

/// The context of a route that wants a right: there is none without it, so that such a route can be mounted for nobody
/// else.
///
/// ```swift
/// let editing = router.group(context: EditorContext.self)
/// editing.post("unknown/dismiss") { request, context in
///     let reason = try context.form.required("reason", "The reason")
///     …
/// }
/// ```
struct PersonContext<Proof: RightProof>: ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    /// Who reads or writes.
    let reader: Reader
    /// What they filled in; without fields where the request is no form.
    let form: FormRequest
    /// Where they are.
    let client: Client

    init(context: CollectorContext) throws {
        coreContext = context.coreContext
        reader = try context.reader.get()
        form = try context.form.get()
        client = try context.client.get()
        guard reader.may(Proof.right) else {
            throw Problem(
                status: 403, title: "Not for your role",
                detail: reader.session == nil
                    ? "This token does not allow \"\(Proof.right.rawValue)\"; make one at /account that does."
                    : "You are signed in as \(reader.role.label), which does not allow this. "
                        + "Ask an administrator of Rollcall if it should.")
        }
    }

    /// Who it is, for the audit log.
    var who: Who { reader.who }
}

/// The context of what strangers may do too, such as signing in.
struct StrangerContext: ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    /// Who reads, when they are signed in.
    let reader: Reader?
    /// What they filled in; without fields where the request is no form.
    let form: FormRequest
    /// Where they are.
    let client: Client

    init(context: CollectorContext) throws {
        coreContext = context.coreContext
        reader = try? context.reader.get()
        form = try context.form.get()
        client = try context.client.get()
    }
}

/// A type that stands for a right.
protocol RightProof: Sendable {
    /// The right that it stands for.
    static var right: Right { get }
}

/// The context of what everybody who is signed in may read; a school's leader only about `reader.school`.
typealias ReaderContext = PersonContext<MayRead>
/// The context of what is about several schools, and not for a school's leader.
typealias DistrictContext = PersonContext<MayReadDistrict>
/// The context of changes to the registry, the programme, schools and gateways: ITS and administrators.
typealias EditorContext = PersonContext<MayEdit>
/// The context of changes to requests, contracts and licences: procurement, ITS and administrators.
typealias BuyerContext = PersonContext<MayBuy>
/// The context of the audit log: auditors and administrators.
typealias AuditContext = PersonContext<MayAudit>
/// The context of the collector's own metrics: administrators, ITS and auditors, or a token for that alone.
typealias WatchContext = PersonContext<MayWatch>
/// The context of who gets in: administrators.
typealias AdminContext = PersonContext<MayAdminister>

/// Stands for ``Right/read``.
enum MayRead: RightProof { static var right: Right { .read } }
/// Stands for ``Right/readDistrict``.
enum MayReadDistrict: RightProof { static var right: Right { .readDistrict } }
/// Stands for ``Right/edit``.
enum MayEdit: RightProof { static var right: Right { .edit } }
/// Stands for ``Right/buy``.
enum MayBuy: RightProof { static var right: Right { .buy } }
/// Stands for ``Right/audit``.
enum MayAudit: RightProof { static var right: Right { .audit } }
/// Stands for ``Right/watch``.
enum MayWatch: RightProof { static var right: Right { .watch } }
/// Stands for ``Right/administer``.
enum MayAdminister: RightProof { static var right: Right { .administer } }
