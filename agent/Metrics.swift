import Wire

extension AgentStatus {
    /// The figures in the text format of OpenMetrics, for a collector of text files such as node_exporter's.
    var metrics: String {
        var text = ""
        func add(_ name: String, _ type: String, _ help: String, _ values: [(labels: String, value: Int)]) {
            text += "# TYPE rollcall_\(name) \(type)\n# HELP rollcall_\(name) \(help)\n"
            let suffix = type == "counter" ? "_total" : ""
            for (labels, value) in values { text += "rollcall_\(name)\(suffix)\(labels) \(value)\n" }
        }
        func perInterface(_ value: (Int) -> Int) -> [(labels: String, value: Int)] {
            health.interfaces.indices.map { ("{interface=\"\(health.interfaces[$0].name)\"}", value($0)) }
        }
        add(
            "interface_up", "gauge", "Whether the interface can be listened on.",
            perInterface { health.interfaces[$0].isUp ? 1 : 0 })
        add("frames", "counter", "Frames looked at.", perInterface { health.interfaces[$0].frames })
        add(
            "dropped_by_kernel", "counter", "Frames lost because the buffer was full.",
            perInterface { health.interfaces[$0].droppedByKernel })
        add(
            "dropped_by_interface", "counter", "Frames that the interface lost.",
            perInterface { health.interfaces[$0].droppedByInterface })
        add("malformed_frames", "counter", "Frames in which something was wrong.", [("", health.malformed)])
        add("queries", "counter", "Name lookups seen.", [("", seen.queries)])
        add("handshakes", "counter", "Handshakes seen.", [("", seen.handshakes)])
        add("rows", "gauge", "Rows of the day's tally.", [("", health.rows)])
        add("waiting_days", "gauge", "Days that ended and wait for the collector.", [("", shipping.waitingDays)])
        add(
            "last_confirmed_seconds", "gauge", "When the collector last confirmed a report, seconds since 1970.",
            [("", shipping.confirmedAt ?? 0)])
        add("state_saved", "gauge", "Whether the state could be saved.", [("", stateProblem == nil ? 1 : 0)])
        add("resident_memory_bytes", "gauge", "Resident memory.", [("", health.memoryBytes)])
        return text + "# EOF\n"
    }
}
