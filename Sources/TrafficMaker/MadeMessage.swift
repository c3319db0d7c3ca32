/// A DNS message (RFC 1035 section 4) to be sent, without compression.
package struct MadeMessage {
    /// One record of an answer.
    package struct Record {
        package var name: String
        package var type: UInt16
        package var timeToLive: UInt32
        package var data: [UInt8]

        package init(_ name: String, type: UInt16, timeToLive: UInt32 = 300, data: [UInt8]) {
            self.name = name
            self.type = type
            self.timeToLive = timeToLive
            self.data = data
        }
    }

    package var identifier: UInt16
    package var questions: [(name: String, type: UInt16)]
    package var answers: [Record]
    /// The response's code; nil for a query without answers.
    package var responseCode: UInt8?

    package init(identifier: UInt16, _ name: String, type: UInt16 = 1, answers: [Record] = []) {
        self.identifier = identifier
        questions = [(name, type)]
        self.answers = answers
    }

    /// The message's bytes; with answers or a code it is a response.
    package var bytes: [UInt8] {
        var message: [UInt8] = []
        message.append(big: identifier)
        let isResponse = responseCode != nil || !answers.isEmpty
        message.append(big: isResponse ? UInt16(0x8180) | UInt16(responseCode ?? 0) : UInt16(0x0100))
        message.append(big: UInt16(questions.count))
        message.append(big: UInt16(answers.count))
        message.append(big: UInt32(0))
        for question in questions {
            message += Self.labels(of: question.name)
            message.append(big: question.type)
            message.append(big: UInt16(1))
        }
        for answer in answers {
            message += Self.labels(of: answer.name)
            message.append(big: answer.type)
            message.append(big: UInt16(1))
            message.append(big: answer.timeToLive)
            message.append(vector16: answer.data)
        }
        return message
    }

    /// The message as it goes over TCP (RFC 1035 section 4.2.2).
    package var bytesOverTCP: [UInt8] {
        var stream: [UInt8] = []
        stream.append(vector16: bytes)
        return stream
    }

    /// A name's labels on the wire.
    package static func labels(of name: String) -> [UInt8] {
        var labels: [UInt8] = []
        for label in name.split(separator: ".") { labels.append(vector8: Array(label.utf8)) }
        return labels + [0]
    }
}
