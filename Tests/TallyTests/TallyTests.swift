// The skeleton of TallyTests.
