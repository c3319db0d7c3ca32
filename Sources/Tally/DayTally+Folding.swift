private import Names

extension DayTally {
    /// Ends the day: what is held folds, and who the devices were is forgotten.
    ///
    /// 1. The held rows of a name fold over the segments into the unnamed one.
    /// 2. From the longest names to the shortest, a held row that `k` devices contributed to is released, and any other
    ///    folds into its parent: so siblings meet at their nearest common parent, and a row goes no further up than to
    ///    where it has `k` devices together with what else is there.
    /// 3. At the folding root (see `HostName.foldingRoot`), and at a name that is kept apart, what is still held stays so
    ///    for good.
    ///
    /// No hour of a held row was told, and none is told of what it brings to another row.
    package mutating func end() {
        precondition(!hasEnded, "a day ends once")
        begin(hour: nil)
        updateGroups()
        fold()
        // Their names die with the day; how much it was stays in `withheld`.
        abandonHeldRows()
        for row in rows.indices { forgetDevices(of: row) }
        leastDevices = estimatedDevices
        pool = SketchPool()
        devices = DeviceSketch()
        hasEnded = true
        // So the last word has a number above all that were sent.
        prepareSnapshot()
        isDirty = true
        removeFoldedRows()
    }

    /// Forgets who the devices were, and keeps how many.
    mutating func forgetDevices(of row: Int) {
        rows[row].leastDevices = UInt32(estimatedDevices(of: rows[row]))
        rows[row].devices = DeviceSketch()
    }

    /// Folds in the middle of the day, because the table is full.
    mutating func makeRoom() {
        fold()
        removeFoldedRows()
        // Domains that stay below k may still reach it, so they are given up only where they take half of the table.
        if rows.count > capacity / 2 {
            abandonHeldRows()
            removeFoldedRows()
        }
        isFull = rows.count > capacity / 4 * 3
    }

    /// Where a name counts that has no room for a row of its own: with a parent that has one.
    func rowOfParent(_ name: Span<UInt8>, segment: UInt16) -> Int? {
        guard let name = HostName(text(name)) else { return nil }
        for parent in [name] + name.foldingParents {
            let bytes = Array(parent.text.utf8)
            if let number = names.find(bytes.span),
                let row = existingRow(number, segment: segment) ?? existingRow(number, segment: 0)
            {
                return row
            }
            if apart.isPattern(bytes.span) { return nil }
        }
        return nil
    }

    /// Where a new name counts when the table is nearly full and its domain has a sixteenth of the rows: with the domain,
    /// or with what is kept apart in it.
    ///
    /// Nil when the name may have a row of its own.
    mutating func rowOfCrowd(_ name: Span<UInt8>, segment: UInt16) -> Int? {
        guard rows.count >= capacity - capacity / 8,
            let length = crowds.crowded(above: name, limit: max(64, capacity / 16)), !apart.isPattern(name),
            let parents = HostName(text(name))?.foldingParents,
            parents.contains(where: { $0.text.utf8.count == length })
        else { return nil }
        for parent in parents {
            let bytes = Array(parent.text.utf8)
            guard bytes.count == length || apart.isPattern(bytes.span) else { continue }
            return rowOrNew(bytes.span, segment: segment)
        }
        return nil
    }

    private mutating func fold() {
        for name in firstRow.indices { foldSegments(of: UInt32(name)) }
        var byDepth: [[Int]] = []
        for row in rows.indices where rows[row].state == .held { note(row, in: &byDepth) }
        for depth in stride(from: byDepth.count - 1, through: 0, by: -1) {
            for row in byDepth[depth] { foldUpwards(row, &byDepth) }
        }
    }

    /// Brings the held rows of a name together in the unnamed segment.
    private mutating func foldSegments(of name: UInt32) {
        var row = firstRow[Int(name)]
        while row != TallyRow.none {
            if rows[Int(row)].state == .held, rows[Int(row)].segment != 0 {
                let target = existingRow(name, segment: 0) ?? makeRow(name, segment: 0)
                // The name is counted once, however many rows held it.
                let isSameName = rows[target].heldNames > 0 && rows[Int(row)].heldNames > 0
                merge(Int(row), into: target)
                if isSameName, rows[target].state == .held { rows[target].heldNames -= 1 }
            }
            row = rows[Int(row)].nextOfName
        }
    }

    private func note(_ row: Int, in byDepth: inout [[Int]]) -> Void {
        let depth = HostName(text(names.name(rows[row].name)))?.labels.count ?? 0
        while byDepth.count <= depth { byDepth.append([]) }
        byDepth[depth].append(row)
    }

    /// Releases a held row with k devices, or folds it into its parent's row, if it has a parent.
    private mutating func foldUpwards(_ row: Int, _ byDepth: inout [[Int]]) {
        if rows[row].devices.reaches(k) { return release(row) }
        guard let name = HostName(text(names.name(rows[row].name))), name != name.foldingRoot else { return }
        if apart.isPattern(names.name(rows[row].name)) { return }
        guard let parent = name.parent else { return }
        let bytes = Array(parent.text.utf8)
        let count = rows.count
        let target = rowOrNew(bytes.span, segment: 0)
        merge(row, into: target)
        if rows.count > count { note(target, in: &byDepth) }
    }

    /// Moves all that a row has into another, which only grows by it.
    mutating func merge(_ row: Int, into target: Int) {
        let source = rows[row]
        rows[row].state = .folded
        rows[row].counts = Counts()
        rows[target].counts += source.counts
        rows[target].leastDevices = max(rows[target].leastDevices, source.leastDevices)
        pool.formUnion(&rows[target].devices, with: source.devices)
        if rows[target].hourDevices.isEmpty, !source.hourDevices.isEmpty { activeRows.append(UInt32(target)) }
        pool.formUnion(&rows[target].hourDevices, with: source.hourDevices)
        pool.release(&rows[row].devices)
        pool.release(&rows[row].hourDevices)
        if rows[target].state == .released {
            rows[target].isDirty = true
        } else {
            rows[target].heldNames += source.heldNames
        }
    }

    private mutating func abandonHeldRows() {
        for row in rows.indices where rows[row].state == .held || rows[row].state == .untold {
            abandoned += rows[row].counts
            abandonedNames += Int(rows[row].heldNames)
            rows[row].state = .folded
            pool.release(&rows[row].devices)
            pool.release(&rows[row].hourDevices)
        }
    }

    /// Gives back the memory of the rows that folded, and of names without a row.
    mutating func removeFoldedRows() {
        guard rows.contains(where: { $0.state == .folded }) else { return }
        groups.forgetNumbers()
        let old = rows
        let oldNames = names
        names = NameTable(reserving: hasEnded ? old.count : min(capacity, Self.usualCapacity))
        firstRow.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        crowds.removeAll()
        activeRows.removeAll(keepingCapacity: true)
        for row in old where row.state != .folded {
            let number = names.intern(oldNames.name(row.name))
            let index = makeRow(number, segment: row.segment)
            let next = rows[index].nextOfName
            rows[index] = row
            rows[index].name = number
            rows[index].nextOfName = next
            if !row.hourDevices.isEmpty { activeRows.append(UInt32(index)) }
        }
    }

    /// A name as text; a byte that has no place in the presentation form is escaped (RFC 4343 section 2.1).
    func text(_ name: Span<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(name.count)
        for index in name.indices {
            let byte = name[index]
            if (0x21...0x7e).contains(byte) {
                text.append(byte)
            } else {
                text += [UInt8(ascii: "\\"), 48 + byte / 100, 48 + byte / 10 % 10, 48 + byte % 10]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
