package import Registry
package import Wire

/// A platform as buyers and the public read of it: what the registry and the programme say, in one place.
package struct ListedPlatform: Sendable, Equatable {
    /// What the registry has.
    package var platform: Platform
    /// Where it stands in the programme.
    package var stage: Stage
    /// What use is bound to.
    package var conditions: String
    /// Who may use it, in words.
    package var audiences: [String]
    /// The last day of its approval.
    package var expires: SchoolDay?
    /// Why it is flagged.
    package var reason: String
    /// How bad it is.
    package var severity: Flagging.Severity?
    /// The approved platform to move to.
    package var replacement: String
    /// The day since which it stands there.
    package var since: SchoolDay?

    /// Puts together what the registry and the programme say; where both do, the programme's word counts.
    package init(_ platform: Platform, _ certification: Certification?, clock: DistrictClock) {
        self.platform = platform
        let known = certification?.stage
        stage = known.map { $0.status == platform.status ? $0 : Stage(platform.status) } ?? Stage(platform.status)
        let approval = certification?.approval
        let flagging = certification?.flagging
        conditions = approval.map(\.conditions) ?? platform.conditions
        audiences = approval?.audiences.map(\.label) ?? platform.terms.audiences
        expires = approval?.expires ?? platform.terms.approvalExpires
        reason = flagging?.reason ?? (platform.status == .flagged ? platform.notes : "")
        severity = flagging?.severity
        replacement = flagging.map(\.replacement) ?? platform.replacement
        since = certification?.since.map(clock.day)
    }
}

/// The lists that the programme publishes.
package enum PlatformList: String, Sendable, CaseIterable {
    /// What may be bought.
    case acceptable
    /// What must not be bought.
    case doNotBuy = "do_not_buy"

    /// What the list is called.
    package var title: String {
        switch self {
        case .acceptable: "Acceptable Platforms"
        case .doNotBuy: "Do Not Buy"
        }
    }

    /// The status that its platforms have.
    package var status: Status {
        switch self {
        case .acceptable: .approved
        case .doNotBuy: .flagged
        }
    }

    /// Its platforms, by name.
    package func platforms(among platforms: [ListedPlatform]) -> [ListedPlatform] {
        platforms.filter { $0.platform.status == status && $0.platform.kind == .tool }
            .sorted { $0.platform.key < $1.platform.key }
    }
}

/// A platform that came to a list, or left it.
package struct ListChange: Sendable, Equatable {
    /// Seconds since 1970.
    package var at: Int
    /// The platform.
    package var platform: String
    /// What the registry said before; nil when the programme had not met it.
    package var from: Status?
    /// What it says now.
    package var to: Status
    /// Conditions or reason, in words; empty for none.
    package var detail: String

    /// Every change of the certifications, newest first: of those that concern a list.
    package static func all(in certifications: [Certification], since moment: Int = 0) -> [ListChange] {
        certifications.flatMap(changes).filter { $0.at >= moment }
            .sorted { ($1.at, $0.platform) < ($0.at, $1.platform) }
    }

    /// What happened, in a sentence.
    package var sentence: String {
        let what =
            switch (from, to) {
            case (_, .approved): "\(platform) is now approved"
            case (_, .flagged): "\(platform) is now flagged: do not buy"
            case (.approved?, .underReview): "\(platform) is no longer approved: it is under review again"
            case (.approved?, _): "\(platform) is no longer on the list of acceptable platforms"
            case (.flagged?, _): "\(platform) is no longer flagged"
            case (_, _): "\(platform) changed"
            }
        return detail.isEmpty ? what + "." : "\(what) (\(detail))."
    }

    /// Whether it concerns a list.
    package func concerns(_ list: PlatformList) -> Bool { from == list.status || to == list.status }

    private static func changes(_ certification: Certification) -> [ListChange] {
        var before: Status?
        var changes: [ListChange] = []
        for step in certification.history {
            let status = step.stage.status
            let isListed = [before, status].contains { $0 == .approved || $0 == .flagged }
            if status != before, isListed {
                changes.append(
                    ListChange(
                        at: step.at, platform: certification.platform, from: before, to: status,
                        detail: step.action.detail))
            }
            before = status
        }
        return changes
    }
}

extension Action {
    /// What of a step belongs on a list, in words.
    fileprivate var detail: String {
        switch self {
        case .approve(let approval): approval.conditions
        case .flag(let flagging):
            flagging.reason + (flagging.replacement.isEmpty ? "" : "; use \(flagging.replacement) instead")
        case .retire(let reason): reason
        case .expire(let day): "approval ended on \(day.words)"
        case .discover, .review, .audit, .takeOver: ""
        }
    }
}
