/// A QUIC connection, by the addresses and ports of its client's datagrams.
struct QUICConnection {
    enum Phase: UInt8 {
        /// Its ClientHello is being put together.
        case gathering
        /// It was counted.
        case settled
    }

    /// How long Retry and version negotiation may take; what comes later is another connection.
    static let setupNanoseconds: Int64 = 10_000_000_000

    var phase = Phase.gathering
    var version = QUICVersion.negotiation
    /// The hash of the connection ID that the keys follow from.
    var destinationID: UInt64 = 0
    /// The hash of the connection ID that the server chose, in its first packet or in a Retry.
    var serverID: UInt64 = 0
    var keys: InitialKeys?
    /// The CRYPTO stream.
    var crypto: AssemblyPool.Ticket?
    var begunNanoseconds: Int64 = 0
}
