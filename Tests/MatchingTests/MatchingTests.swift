// The skeleton of MatchingTests.
