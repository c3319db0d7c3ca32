import Dissection
import Tally
import Wire

/// Offers a day's tally as many distinct names, as a flood of random subdomains does, and gives the nanoseconds for one.
func costOfTally(names: Int) -> Double {
    var tally = DayTally(day: SchoolDay(ordinal: 0), k: 3)
    var devices = DeviceRecognition(.auto)
    var sightings = Sightings()
    let before = cpuNanoseconds()
    for number in 0..<names {
        sightings.removeAll()
        let client = Client(
            hardwareAddress: 0x0200_0000_0000 | UInt64(number % 2000), address: IPAddress(v4: UInt32(number % 2000)))
        let name = Array("r\(number).flood.example.org".utf8)
        sightings.append(.dns, .read, name: name.span, client: client, timestampNanoseconds: 0)
        for sighting in sightings.elements {
            tally.count(
                sighting, name: sightings.name(of: sighting), device: devices.identity(of: client), segment: 0,
                hour: nil)
        }
    }
    return Double(cpuNanoseconds() - before) / Double(names)
}
