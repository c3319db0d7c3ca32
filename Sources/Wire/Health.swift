/// How an agent and its gateway are, as of the report that carries it; numbers since the agent's start.
///
/// It has no more of the school's devices in it than how many addresses there are.
public struct Health: Codable, Sendable, Equatable {
    /// Since when the agent runs.
    public var uptimeSeconds: Int
    /// The interfaces that it listens on.
    public var interfaces: [Interface]
    /// Frames in which something was wrong.
    public var malformed: Int
    /// What was forgotten early because its table was full, by table.
    public var evictions: [String: Int]
    /// Rows of the day's tally.
    public var rows: Int
    /// The rows there is room for.
    public var rowCapacity: Int
    /// Resident memory of the agent.
    public var memoryBytes: Int
    /// CPU time of the agent, user and system.
    public var cpuMilliseconds: Int
    /// Device addresses seen that day: one means that the agent sits behind a router, far more than the school has
    /// devices means rotating addresses or a flood.
    public var deviceAddresses: Int
    /// The version of the settings from the collector that are in force; 0 without any.
    public var settingsVersion: Int

    /// Makes a state of health.
    public init(
        uptimeSeconds: Int, interfaces: [Interface] = [], malformed: Int = 0, evictions: [String: Int] = [:],
        rows: Int = 0, rowCapacity: Int = 0, memoryBytes: Int = 0, cpuMilliseconds: Int = 0, deviceAddresses: Int = 0,
        settingsVersion: Int = 0
    ) {
        self.uptimeSeconds = uptimeSeconds
        self.interfaces = interfaces
        self.malformed = malformed
        self.evictions = evictions
        self.rows = rows
        self.rowCapacity = rowCapacity
        self.memoryBytes = memoryBytes
        self.cpuMilliseconds = cpuMilliseconds
        self.deviceAddresses = deviceAddresses
        self.settingsVersion = settingsVersion
    }

    private enum CodingKeys: String, CodingKey {
        case uptimeSeconds = "uptime_seconds"
        case interfaces, malformed, evictions, rows
        case rowCapacity = "row_capacity"
        case memoryBytes = "memory_bytes"
        case cpuMilliseconds = "cpu_milliseconds"
        case deviceAddresses = "device_addresses"
        case settingsVersion = "settings_version"
    }

    /// An interface that the agent listens on.
    public struct Interface: Codable, Sendable, Equatable {
        /// Its name, such as `eth1`.
        public var name: String
        /// Whether the agent can listen on it at the moment.
        public var isUp: Bool
        /// Frames that passed the kernel's filter.
        public var frames: Int
        /// Frames that the kernel dropped because its buffer was full.
        public var droppedByKernel: Int
        /// Frames that the interface or its driver dropped.
        public var droppedByInterface: Int

        /// Makes an interface's figures.
        public init(
            name: String, isUp: Bool, frames: Int = 0, droppedByKernel: Int = 0, droppedByInterface: Int = 0
        ) {
            self.name = name
            self.isUp = isUp
            self.frames = frames
            self.droppedByKernel = droppedByKernel
            self.droppedByInterface = droppedByInterface
        }

        private enum CodingKeys: String, CodingKey {
            case name, frames
            case isUp = "is_up"
            case droppedByKernel = "dropped_by_kernel"
            case droppedByInterface = "dropped_by_interface"
        }
    }
}
